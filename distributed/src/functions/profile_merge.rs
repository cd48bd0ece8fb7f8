//! `profile_merge(state)`: kept profiles of one server, of any hours and collectors, as one.

use std::sync::Arc;

use datafusion::arrow::array::{Array as _, ArrayRef, AsArray as _, BinaryArray, BooleanArray};
use datafusion::arrow::compute;
use datafusion::arrow::datatypes::DataType;
use datafusion::common::{ScalarValue, internal_err};
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::function::AccumulatorArgs;
use datafusion::logical_expr::{
    Accumulator, AggregateUDFImpl, EmitTo, GroupsAccumulator, Signature, Volatility,
};
use flow::profile::KeptProfile;

/// The function.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct ProfileMerge {
    signature: Signature,
}

impl ProfileMerge {
    pub(super) fn new() -> Self {
        // The reader of Parquet gives views where it can.
        let taken = vec![DataType::Binary, DataType::BinaryView];
        Self {
            signature: Signature::uniform(1, taken, Volatility::Immutable),
        }
    }
}

impl AggregateUDFImpl for ProfileMerge {
    fn name(&self) -> &'static str {
        "profile_merge"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _taken: &[DataType]) -> Result<DataType> {
        Ok(DataType::Binary)
    }

    fn accumulator(&self, _args: AccumulatorArgs<'_>) -> Result<Box<dyn Accumulator>> {
        Ok(Box::new(Merged::default()))
    }

    fn groups_accumulator_supported(&self, _args: AccumulatorArgs<'_>) -> bool {
        true
    }

    fn create_groups_accumulator(
        &self,
        _args: AccumulatorArgs<'_>,
    ) -> Result<Box<dyn GroupsAccumulator>> {
        Ok(Box::new(MergedGroups::default()))
    }
}

/// What was merged so far; `None` while there was no profile.
#[derive(Default)]
struct Merged(Option<KeptProfile>);

impl Merged {
    fn add(&mut self, octets: &[u8]) -> Result<()> {
        let profile = KeptProfile::from_bytes(octets)
            .map_err(|error| DataFusionError::External(Box::new(error)))?;
        match &mut self.0 {
            Some(merged) => merged.merge(&profile),
            None => self.0 = Some(profile),
        }
        Ok(())
    }

    fn octets(&self) -> Option<Vec<u8>> {
        self.0.as_ref().map(KeptProfile::to_bytes)
    }
}

/// A profile has addresses of nobody, but is not for logs either.
impl std::fmt::Debug for Merged {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            out,
            "Merged({})",
            if self.0.is_some() { "some" } else { "none" }
        )
    }
}

impl Accumulator for Merged {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        for octets in octets(values)?.iter().flatten() {
            self.add(octets)?;
        }
        Ok(())
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        Ok(ScalarValue::Binary(self.octets()))
    }

    fn size(&self) -> usize {
        size_of::<Self>()
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        Ok(vec![self.evaluate()?])
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        self.update_batch(states)
    }
}

/// One for each group: without it each group would be asked row by row.
#[derive(Default)]
struct MergedGroups(Vec<Merged>);

impl MergedGroups {
    fn add(
        &mut self,
        values: &[ArrayRef],
        groups: &[usize],
        only: Option<&BooleanArray>,
        groups_count: usize,
    ) -> Result<()> {
        self.0.resize_with(groups_count, Merged::default);
        let values = octets(values)?;
        for (row, (octets, group)) in values.iter().zip(groups).enumerate() {
            let is_meant = only.is_none_or(|only| only.is_valid(row) && only.value(row));
            let (Some(octets), true) = (octets, is_meant) else {
                continue;
            };
            match self.0.get_mut(*group) {
                Some(merged) => merged.add(octets)?,
                None => return internal_err!("there is no group {group} of {groups_count}"),
            }
        }
        Ok(())
    }
}

impl GroupsAccumulator for MergedGroups {
    fn update_batch(
        &mut self,
        values: &[ArrayRef],
        groups: &[usize],
        only: Option<&BooleanArray>,
        groups_count: usize,
    ) -> Result<()> {
        self.add(values, groups, only, groups_count)
    }

    fn evaluate(&mut self, emit: EmitTo) -> Result<ArrayRef> {
        let emitted = emit.take_needed(&mut self.0);
        let octets = emitted.iter().map(Merged::octets);
        Ok(Arc::new(octets.collect::<BinaryArray>()))
    }

    fn state(&mut self, emit: EmitTo) -> Result<Vec<ArrayRef>> {
        Ok(vec![self.evaluate(emit)?])
    }

    fn merge_batch(
        &mut self,
        values: &[ArrayRef],
        groups: &[usize],
        groups_count: usize,
    ) -> Result<()> {
        self.add(values, groups, None, groups_count)
    }

    /// A profile by itself is what it merges to.
    fn convert_to_state(
        &self,
        values: &[ArrayRef],
        only: Option<&BooleanArray>,
    ) -> Result<Vec<ArrayRef>> {
        let values = octets(values)?;
        let kept: BinaryArray = match only {
            None => values,
            Some(only) => {
                let rows = values.iter().zip(only);
                rows.map(|(octets, is_meant)| octets.filter(|_| is_meant == Some(true)))
                    .collect()
            }
        };
        Ok(vec![Arc::new(kept)])
    }

    fn size(&self) -> usize {
        self.0.capacity() * size_of::<Merged>()
    }
}

/// The one argument as octets, whichever way they lie.
fn octets(values: &[ArrayRef]) -> Result<BinaryArray> {
    let [values] = values else {
        return internal_err!(
            "profile_merge takes one argument and was given {}",
            values.len()
        );
    };
    Ok(compute::cast(values, &DataType::Binary)?
        .as_binary::<i32>()
        .clone())
}

#[cfg(test)]
mod tests;
