//! A server a line: an address alone, or address, port and trail with commas between, as lists of
//! maltrail are handed on.

use std::net::SocketAddr;

use domain::finding::ListedServer;

use super::{LineFault, ListFault, Place, ServerList, address, trail};

/// Reads the lines. Empty ones and those that begin with `#` are passed over, and so is a first one
/// that names columns.
pub(super) fn read(text: &str) -> Result<ServerList, ListFault> {
    let mut list = ServerList::default();
    for (line, number) in text.lines().zip(1_usize..) {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') || (number == 1 && names_columns(line)) {
            continue;
        }
        match server(line) {
            Ok(server) => list.take(server)?,
            Err(fault) => list.refuse(Place::Line(number), fault),
        }
    }
    Ok(list)
}

/// Whether a line is the head of a table: its first field is a word, and neither address nor name of
/// a host.
fn names_columns(line: &str) -> bool {
    let first = line.split(',').next().unwrap_or_default();
    !first.contains(['.', ':'])
}

fn server(line: &str) -> Result<ListedServer, LineFault> {
    let (first, rest) = field(line)?;
    let (second, rest) = field(rest)?;
    let (third, _) = field(rest)?;
    // `203.0.113.9:443` is one field.
    if let Ok(socket) = first.parse::<SocketAddr>() {
        return Ok(ListedServer {
            address: address(&socket.ip().to_string())?,
            port: Some(socket.port()).filter(|port| *port > 0),
            trail: trail(if second.is_empty() { &third } else { &second })?,
            until: None,
        });
    }
    let address = address(&first)?;
    let port = match second.as_str() {
        "" => None,
        port => Some(port.parse::<u16>().map_err(|_| LineFault::Port)?),
    };
    Ok(ListedServer {
        address,
        port: port.filter(|port| *port > 0),
        trail: trail(&third)?,
        until: None,
    })
}

/// The first field of a line, without its quotes, and what follows it.
fn field(line: &str) -> Result<(String, &str), LineFault> {
    let line = line.trim();
    let Some(mut rest) = line.strip_prefix('"') else {
        let (field, rest) = line.split_once(',').unwrap_or((line, ""));
        return Ok((field.trim().to_owned(), rest));
    };
    let mut field = String::new();
    loop {
        let (inside, after) = rest.split_once('"').ok_or(LineFault::Quote)?;
        field += inside;
        let Some(after) = after.strip_prefix('"') else {
            rest = after.trim_start();
            break;
        };
        field.push('"');
        rest = after;
    }
    if !rest.is_empty() && !rest.starts_with(',') {
        return Err(LineFault::Quote);
    }
    let rest = rest.strip_prefix(',').unwrap_or_default();
    Ok((field.trim().to_owned(), rest))
}
