//! For which purposes a role may read, beyond those that every reader may.
//!
//! The purposes that the reference data presets are everybody's who reads at all. The others bind
//! the reader to an office: what a source offered for supervision is read as supervision, by
//! ministries alone. A purpose never opens what was not offered for it.

use crate::organization::{OrganizationKind as Kind, Role};

/// Codes of the purposes that are not preset and that this role may choose.
pub fn special_purposes(kind: Kind, role: Role) -> &'static [&'static str] {
    if !role.reads() {
        return &[];
    }
    let decides = matches!(role, Role::Analyst | Role::Officer);
    match kind {
        Kind::Ministry if decides => &["exercise", "supervision", "public-disclosure"],
        Kind::NationalCenter if decides => &["exercise", "public-disclosure", "research"],
        Kind::CoordinationCenter if decides => &["public-disclosure", "research"],
        Kind::Ceptoar | Kind::Isac if decides => &["exercise", "public-disclosure"],
        Kind::Police => &["law-enforcement"],
        Kind::Operator
        | Kind::Supplier
        | Kind::HelpDesk
        | Kind::Ministry
        | Kind::NationalCenter
        | Kind::CoordinationCenter
        | Kind::Ceptoar
        | Kind::Isac => &["exercise"],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn supervision_is_for_ministries_and_law_enforcement_for_the_police() {
        for kind in Kind::ALL {
            for role in Role::ALL {
                let chosen = special_purposes(*kind, *role);
                let may = |code| chosen.contains(&code);
                let decides = matches!(role, Role::Analyst | Role::Officer);
                assert_eq!(may("supervision"), *kind == Kind::Ministry && decides);
                assert_eq!(
                    may("law-enforcement"),
                    *kind == Kind::Police && role.reads()
                );
                assert!(role.reads() || chosen.is_empty(), "{kind} {role}");
            }
        }
    }
}
