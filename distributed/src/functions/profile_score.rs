//! `profile_score(server, server_port, protocol, state, all, lists)`: the score of a server by its profile,
//! so that only servers worth a look leave the machine that merged them.
//!
//! `all` is the state of all servers together, `lists` what is known beside it
//! ([`Texts`](crate::lists::Texts)); both are the same for all rows of a plan.

use std::sync::{Arc, Mutex, PoisonError};

use datafusion::arrow::array::{ArrayRef, AsArray as _, Float64Array};
use datafusion::arrow::datatypes::{DataType, UInt8Type, UInt16Type};
use datafusion::common::{ScalarValue, exec_datafusion_err, internal_err};
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::{
    ColumnarValue, ScalarFunctionArgs, ScalarUDFImpl, Signature, Volatility,
};
use flow::column::Address;
use flow::engine::Surroundings;
use flow::finding::Server;
use flow::knowledge::Knowledge;
use flow::profile::KeptProfile;

use crate::lists::Texts;

/// The function.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct ProfileScore {
    signature: Signature,
}

impl ProfileScore {
    pub(super) fn new() -> Self {
        let taken = vec![
            DataType::FixedSizeBinary(16),
            DataType::UInt16,
            DataType::UInt8,
            DataType::Binary,
            DataType::Binary,
            DataType::Utf8,
        ];
        Self {
            signature: Signature::exact(taken, Volatility::Immutable),
        }
    }
}

impl ScalarUDFImpl for ProfileScore {
    fn name(&self) -> &'static str {
        "profile_score"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _taken: &[DataType]) -> Result<DataType> {
        Ok(DataType::Float64)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let rows = args.number_rows;
        let [server, port, protocol, state, all, lists] = &args.args[..] else {
            return internal_err!("profile_score takes six arguments");
        };
        let ColumnarValue::Scalar(ScalarValue::Binary(Some(all))) = all else {
            return internal_err!("`all` of profile_score is one value for all rows");
        };
        let ColumnarValue::Scalar(ScalarValue::Utf8(Some(lists))) = lists else {
            return internal_err!("`lists` of profile_score is one value for all rows");
        };
        let knowledge = knowledge(lists)?;
        let all = profile(all)?;
        let beside = Surroundings::new(&all, &knowledge);
        let columns = |value: &ColumnarValue| -> Result<ArrayRef> { value.to_array(rows) };
        let (server, port) = (columns(server)?, columns(port)?);
        let (protocol, state) = (columns(protocol)?, columns(state)?);
        let rows = server
            .as_fixed_size_binary()
            .iter()
            .zip(port.as_primitive::<UInt16Type>().iter())
            .zip(protocol.as_primitive::<UInt8Type>().iter())
            .zip(state.as_binary::<i32>().iter());
        let scores = rows.map(|(((server, port), protocol), state)| {
            let (Some(address), Some(port), Some(protocol), Some(state)) =
                (server, port, protocol, state)
            else {
                return Ok(None);
            };
            let octets = address.try_into();
            let octets = octets.map_err(|_| exec_datafusion_err!("a server is 16 octets"))?;
            let server = Server {
                address: Address::v6(u128::from_be_bytes(octets)),
                port,
                protocol,
            };
            Ok(Some(profile(state)?.judge(&server, &beside).score))
        });
        let scores: Float64Array = scores.collect::<Result<_>>()?;
        Ok(ColumnarValue::Array(Arc::new(scores)))
    }
}

fn profile(octets: &[u8]) -> Result<KeptProfile> {
    KeptProfile::from_bytes(octets).map_err(|error| DataFusionError::External(Box::new(error)))
}

/// What the lists say. They come with every batch of rows and are read once.
fn knowledge(lists: &str) -> Result<Arc<Knowledge>> {
    static LAST: Mutex<Option<(String, Arc<Knowledge>)>> = Mutex::new(None);
    let mut last = LAST.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((text, knowledge)) = &*last
        && text == lists
    {
        return Ok(Arc::clone(knowledge));
    }
    let read = Texts::read(lists).and_then(|texts| texts.knowledge());
    let read = read.map_err(|error| exec_datafusion_err!("profile_score: {error:#}"))?;
    let knowledge = Arc::new(read);
    *last = Some((lists.to_owned(), Arc::clone(&knowledge)));
    Ok(knowledge)
}
