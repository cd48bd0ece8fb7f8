//! The command line: one subcommand per file.

use std::process::ExitCode;

use clap::{Parser, Subcommand};

mod admin;
mod custodian;
mod data;
mod db;
mod demo;
mod flow;
mod log;
mod serve;

/// Noroshi: report once, stay unnamed, and everyone who can act is told what to do.
#[derive(Debug, Parser)]
#[command(version, propagate_version = true)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Show a hub with a synthetic nation, in a directory of its own, until you end it.
    Demo(demo::Demo),
    /// Run a real hub.
    Serve(serve::Serve),
    /// Run the members of a real hub from its own machine: organizations, invitations, ways in.
    #[command(subcommand)]
    Admin(admin::Admin),
    /// Copy a store, put a copy back, look whether it is sound.
    #[command(subcommand)]
    Db(db::Db),
    /// Check what the log proves, show its key.
    #[command(subcommand)]
    Log(log::Log),
    /// Keep a share of sealed identities: draw a key, approve an opening, hand over. Works offline.
    Custodian(custodian::Custodian),
    /// Find C&C servers in flow records; subscribers stay sealed.
    #[command(subcommand)]
    Flow(flow::Flow),
    /// Look at the reference data.
    #[command(subcommand)]
    Data(data::Data),
}

impl Cli {
    /// Runs the command.
    ///
    /// # Errors
    /// What went wrong, for the person at the console.
    pub fn run(self) -> anyhow::Result<ExitCode> {
        match self.command {
            Command::Demo(demo) => demo.run(),
            Command::Serve(serve) => serve.run(),
            Command::Admin(admin) => admin.run(),
            Command::Db(db) => db.run(),
            Command::Log(log) => log.run(),
            Command::Custodian(custodian) => custodian.run(),
            Command::Flow(flow) => flow.run(),
            Command::Data(data) => data.run(),
        }
    }
}
