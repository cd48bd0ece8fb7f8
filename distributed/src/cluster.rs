//! Ballista: our scheduler, our executors, and a session whose plans run on them.
//!
//! They are Ballista's own with our functions linked in. Nothing here authenticates anybody: whoever
//! reaches a port may have any plan run and any file read that an executor can read. Hence everything
//! listens on loopback unless told otherwise.

use std::net::{IpAddr, SocketAddr, TcpListener};
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use ballista::prelude::SessionContextExt as _;
use ballista_core::config::TaskSchedulingPolicy;
use ballista_core::extension::SessionConfigExt as _;
use ballista_executor::executor_process::{ExecutorProcessConfig, start_executor_process};
use ballista_scheduler::cluster::BallistaCluster;
use ballista_scheduler::config::SchedulerConfig;
use ballista_scheduler::scheduler_process::{create_scheduler, start_grpc_service_with_listener};
use datafusion::prelude::{SessionConfig, SessionContext};
use datafusion_proto::protobuf::{LogicalPlanNode, PhysicalPlanNode};
use tracing_subscriber::EnvFilter;

use crate::functions;

/// How a scheduler takes its executors.
#[derive(Debug, Clone)]
pub struct Patience {
    /// How executors reach it, if not by the address it listens on.
    pub reached_as: Option<String>,
    /// From so many executors on it says at `/readyz` that it is ready.
    pub ready_with: usize,
    /// An executor that was silent for so long is given up, and what it had is done by others. Longer
    /// than [`HEARTBEAT`].
    pub silence: Duration,
}

/// How often an executor says that it is there.
pub const HEARTBEAT: Duration = Duration::from_secs(1);

/// Runs a scheduler on `listen` until it fails. `ready` is told the address, which differs from
/// `listen` where its port is 0.
///
/// # Errors
/// When the address cannot be had, or serving fails.
pub async fn schedule(
    listen: SocketAddr,
    patience: Patience,
    ready: impl FnOnce(SocketAddr),
) -> anyhow::Result<()> {
    let listener = tokio::net::TcpListener::bind(listen).await;
    let listener = listener.with_context(|| format!("`{listen}` cannot be listened on"))?;
    let address = listener.local_addr()?;
    let silence = patience.silence.as_secs();
    let config = SchedulerConfig {
        bind_host: address.ip().to_string(),
        external_host: patience
            .reached_as
            .unwrap_or_else(|| address.ip().to_string()),
        bind_port: address.port(),
        scheduling_policy: TaskSchedulingPolicy::PushStaged,
        executor_timeout_seconds: silence,
        expire_dead_executor_interval_seconds: HEARTBEAT.as_secs(),
        no_executors_grace_period_seconds: silence,
        min_ready_executors: patience.ready_with,
        override_session_builder: Some(Arc::new(functions::state)),
        ..SchedulerConfig::default()
    };
    config.validate()?;
    let cluster = BallistaCluster::new_from_config(&config).await?;
    let scheduler =
        create_scheduler::<LogicalPlanNode, PhysicalPlanNode>(cluster, Arc::new(config)).await?;
    ready(address);
    start_grpc_service_with_listener(listener, scheduler).await?;
    Ok(())
}

/// Where a scheduler is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scheduler {
    /// Its host: a name or an address.
    pub host: String,
    /// Its port.
    pub port: u16,
}

impl FromStr for Scheduler {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> anyhow::Result<Self> {
        let parts = text.rsplit_once(':');
        let scheduler = parts.and_then(|(host, port)| {
            let port = port.parse().ok()?;
            let host = host.to_owned();
            (!host.is_empty()).then_some(Self { host, port })
        });
        scheduler.with_context(|| format!("`{text}` is no scheduler; write HOST:PORT"))
    }
}

/// What an executor needs to know.
#[derive(Debug, Clone)]
pub struct Post {
    /// Who gives it pieces.
    pub scheduler: Scheduler,
    /// Where it listens for plans and gives out what it made; two free ports are taken.
    pub listen: IpAddr,
    /// How others reach it, if not by the address it listens on.
    pub reached_as: Option<String>,
    /// A folder of its own, for what it makes on the way.
    pub folder: PathBuf,
    /// Pieces of plans that it runs at a time.
    pub cores: usize,
}

/// Runs an executor until it is told to stop.
///
/// # Errors
/// When the scheduler cannot be reached, or serving fails.
pub async fn execute(post: Post) -> anyhow::Result<()> {
    let folder = post.folder.to_str();
    let folder = folder.context("the executor's folder must have a name in UTF-8")?;
    let [port, grpc_port] = free_ports(post.listen)?;
    let config = ExecutorProcessConfig {
        bind_host: post.listen.to_string(),
        external_host: Some(post.reached_as.unwrap_or_else(|| post.listen.to_string())),
        port,
        grpc_port,
        scheduler_host: post.scheduler.host,
        scheduler_port: post.scheduler.port,
        scheduler_connect_timeout_seconds: CONNECT_SECONDS,
        vcores: post.cores,
        task_scheduling_policy: TaskSchedulingPolicy::PushStaged,
        work_dir: Some(folder.to_owned()),
        executor_heartbeat_interval_seconds: HEARTBEAT.as_secs(),
        // The scheduler has what it made removed when a plan ended; what a lost scheduler left goes so.
        job_data_ttl_seconds: LEFT_SECONDS,
        job_data_clean_up_interval_seconds: LEFT_SECONDS / 24,
        override_function_registry: Some(functions::registry()),
        override_config_producer: Some(Arc::new(SessionConfig::new_with_ballista)),
        ..ExecutorProcessConfig::default()
    };
    start_executor_process(Arc::new(config)).await?;
    Ok(())
}

/// Parts that nobody asked for are kept so long.
const LEFT_SECONDS: u64 = 86_400;

/// How long an executor tries to reach its scheduler.
const CONNECT_SECONDS: u16 = 30;

/// Two ports that nobody listens on. Somebody may take one before it is used; the executor then ends
/// with that error.
fn free_ports(host: IpAddr) -> anyhow::Result<[u16; 2]> {
    let one = TcpListener::bind((host, 0))?;
    let other = TcpListener::bind((host, 0))?;
    Ok([one.local_addr()?.port(), other.local_addr()?.port()])
}

/// A session whose plans run inside this program.
///
/// # Errors
/// When the machine gives no room for a session's files.
pub fn embedded(parts: usize) -> anyhow::Result<SessionContext> {
    let config = SessionConfig::new().with_target_partitions(parts);
    Ok(SessionContext::new_with_state(functions::state(config)?))
}

/// A session whose plans run on the executors of a scheduler, each stage in so many parts.
///
/// # Errors
/// When the scheduler's address is none.
pub async fn connected(scheduler: &Scheduler, parts: usize) -> anyhow::Result<SessionContext> {
    let Scheduler { host, port } = scheduler;
    let config = SessionConfig::new_with_ballista().with_target_partitions(parts);
    let state = functions::state(config)?;
    let context = SessionContext::remote_with_state(&format!("df://{host}:{port}"), state).await?;
    // Making it remote puts Ballista's functions in the place of all others.
    functions::register(&context);
    Ok(context)
}

/// Runs one of our programs to its end: with its log on standard error, in as much detail as `RUST_LOG`
/// asks for (warnings and errors, if it is not set).
///
/// # Errors
/// What the program ends with.
pub fn run(program: impl Future<Output = anyhow::Result<()>>) -> anyhow::Result<()> {
    let detail = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn"));
    tracing_subscriber::fmt()
        .with_env_filter(detail)
        .with_writer(std::io::stderr)
        .with_ansi(false)
        .init();
    // Plans are trees that are walked by recursion; Ballista's own programs take the same.
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .thread_stack_size(STACK_OCTETS)
        .build()?;
    runtime.block_on(program)
}

const STACK_OCTETS: usize = 32 << 20;
