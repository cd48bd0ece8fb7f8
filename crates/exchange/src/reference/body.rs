//! What each kind of row says beyond code, names, validity and provenance.

use domain::reference::ReferenceData;
use domain::reference::area::{Prefecture, Region};
use domain::reference::event::{
    Cause, EventType, Group, NearMissKind, NoHarmReason, Place, Question, System, Verdict,
};
use domain::reference::names;
use domain::reference::regime::Regime;
use domain::reference::rubric::{Band, Rung, Scale};
use domain::reference::sector::{Ceptoar, Document, MaintenanceLevel, Ministry, Sector, Service};
use domain::reference::table::Table;
use domain::reference::terms::{
    Circle, CustodyMode, DownwardGrade, LegalStatus, Purpose, RecipientClass, TlpLabel,
};
use domain::severity::Severity;

use super::keys::Keys;
use super::reader::Reader;

/// Reads every table of every file.
pub(super) fn read(reader: &mut Reader<'_>) -> ReferenceData {
    let revised = reader.revisions();
    ReferenceData {
        revised,
        documents: Table::new(reader.rows(names::documents, document)),
        ministries: Table::new(reader.rows(names::ministries, ministry)),
        sectors: Table::new(reader.rows(names::sectors, sector)),
        services: Table::new(reader.rows(names::services, service)),
        ceptoars: Table::new(reader.rows(names::ceptoars, ceptoar)),
        event_groups: Table::new(reader.rows(names::event_groups, |_| Some(Group))),
        event_types: Table::new(reader.rows(names::event_types, event_type)),
        cause_groups: Table::new(reader.rows(names::cause_groups, |_| Some(Group))),
        causes: Table::new(reader.rows(names::causes, cause)),
        rungs: Table::new(reader.rows(names::rungs, rung)),
        scales: Table::new(reader.rows(names::scales, scale)),
        bands: Table::new(reader.rows(names::bands, band)),
        near_miss_kinds: Table::new(reader.rows(names::near_miss_kinds, near_miss_kind)),
        questions: Table::new(reader.rows(names::questions, question)),
        verdicts: Table::new(reader.rows(names::verdicts, verdict)),
        no_harm_reasons: Table::new(reader.rows(names::no_harm_reasons, |_| Some(NoHarmReason))),
        places: Table::new(reader.rows(names::places, place)),
        systems: Table::new(reader.rows(names::systems, system)),
        purposes: Table::new(reader.rows(names::purposes, purpose)),
        circles: Table::new(reader.rows(names::circles, circle)),
        tlp_labels: Table::new(reader.rows(names::tlp_labels, tlp_label)),
        legal_statuses: Table::new(reader.rows(names::legal_statuses, legal_status)),
        recipient_classes: Table::new(reader.rows(names::recipient_classes, recipient_class)),
        downward_grades: Table::new(reader.rows(names::downward_grades, downward_grade)),
        regions: Table::new(reader.rows(names::regions, |_| Some(Region))),
        prefectures: Table::new(reader.rows(names::prefectures, prefecture)),
        custody_modes: Table::new(reader.rows(names::custody_modes, custody_mode)),
        regimes: Table::new(reader.rows(names::regimes, regime)),
    }
}

fn document(keys: &mut Keys<'_>) -> Option<Document> {
    let publisher = keys.bilingual("publisher");
    let issued = keys.optional("issued", Keys::date);
    Some(Document {
        publisher: publisher?,
        issued: issued.ok()?,
    })
}

fn ministry(keys: &mut Keys<'_>) -> Option<Ministry> {
    Some(Ministry {
        short: keys.bilingual("short")?,
    })
}

fn sector(keys: &mut Keys<'_>) -> Option<Sector> {
    Some(Sector {
        ministry: keys.optional("ministry", Keys::code).ok()?,
    })
}

fn service(keys: &mut Keys<'_>) -> Option<Service> {
    let sector = keys.code("sector");
    let systems = keys.bilinguals("systems");
    let outage = keys.bilingual("outage");
    let maintenance_level = keys.inside("maintenance_level", |keys| {
        let text = keys.bilingual("text");
        let provenance = keys.provenance();
        Some(MaintenanceLevel {
            text: text?,
            provenance: provenance?,
        })
    });
    Some(Service {
        sector: sector?,
        systems: systems?,
        outage: outage?,
        maintenance_level: maintenance_level?,
    })
}

fn ceptoar(keys: &mut Keys<'_>) -> Option<Ceptoar> {
    let sector = keys.code("sector");
    let secretariat = keys.bilingual("secretariat");
    Some(Ceptoar {
        sector: sector?,
        secretariat: secretariat?,
    })
}

fn event_type(keys: &mut Keys<'_>) -> Option<EventType> {
    Some(EventType {
        group: keys.code("group")?,
    })
}

fn cause(keys: &mut Keys<'_>) -> Option<Cause> {
    Some(Cause {
        group: keys.code("group")?,
    })
}

fn severity(keys: &mut Keys<'_>) -> Option<Severity> {
    let rung = keys.number("rung")?;
    let severity = Severity::from_rung(rung);
    if severity.is_none() {
        let what = format!("there is no rung {rung}");
        keys.fault(
            "rung",
            what,
            "write a rung from 0 to 4; a scale may number them otherwise",
        );
    }
    severity
}

fn rung(keys: &mut Keys<'_>) -> Option<Rung> {
    Some(Rung {
        severity: severity(keys)?,
    })
}

fn scale(keys: &mut Keys<'_>) -> Option<Scale> {
    Some(Scale {
        lowest: keys.number("lowest")?,
    })
}

fn band(keys: &mut Keys<'_>) -> Option<Band> {
    let aspect = keys.word("aspect");
    let severity = severity(keys);
    Some(Band {
        aspect: aspect?,
        severity: severity?,
    })
}

fn near_miss_kind(keys: &mut Keys<'_>) -> Option<NearMissKind> {
    let example = keys.bilingual("example");
    let promotes_to = keys.code("promotes_to");
    Some(NearMissKind {
        example: example?,
        promotes_to: promotes_to?,
    })
}

fn question(keys: &mut Keys<'_>) -> Option<Question> {
    Some(Question {
        help: keys.bilingual("help")?,
    })
}

fn verdict(keys: &mut Keys<'_>) -> Option<Verdict> {
    let harm = keys.words("harm");
    let danger = keys.words("danger");
    let leads_to = keys.word("leads_to");
    let text = keys.bilingual("text");
    Some(Verdict {
        harm: harm?,
        danger: danger?,
        leads_to: leads_to?,
        text: text?,
    })
}

fn place(keys: &mut Keys<'_>) -> Option<Place> {
    Some(Place {
        help: keys.bilingual("help")?,
    })
}

fn system(keys: &mut Keys<'_>) -> Option<System> {
    Some(System {
        place: keys.code("place")?,
    })
}

fn purpose(keys: &mut Keys<'_>) -> Option<Purpose> {
    let offer = keys.word("offer");
    let meaning = keys.bilingual("meaning");
    Some(Purpose {
        offer: offer?,
        meaning: meaning?,
    })
}

fn circle(keys: &mut Keys<'_>) -> Option<Circle> {
    Some(Circle {
        meaning: keys.bilingual("meaning")?,
    })
}

fn tlp_label(keys: &mut Keys<'_>) -> Option<TlpLabel> {
    let meaning = keys.bilingual("meaning");
    let reaches = keys.codes("reaches");
    Some(TlpLabel {
        meaning: meaning?,
        reaches: reaches?,
    })
}

fn legal_status(keys: &mut Keys<'_>) -> Option<LegalStatus> {
    let basis = keys.bilingual("basis");
    let duty = keys.bilingual("duty");
    let presupposes = keys.optional("presupposes", Keys::code);
    Some(LegalStatus {
        basis: basis?,
        duty: duty?,
        presupposes: presupposes.ok()?,
    })
}

fn recipient_class(keys: &mut Keys<'_>) -> Option<RecipientClass> {
    Some(RecipientClass {
        kinds: keys.words("kinds")?,
    })
}

fn downward_grade(keys: &mut Keys<'_>) -> Option<DownwardGrade> {
    let meaning = keys.bilingual("meaning");
    let recipients = keys.codes("recipients");
    let storage = keys.word("storage");
    Some(DownwardGrade {
        meaning: meaning?,
        recipients: recipients?,
        storage: storage?,
    })
}

fn prefecture(keys: &mut Keys<'_>) -> Option<Prefecture> {
    let region = keys.code("region");
    let number = keys.number("number");
    if let Some(number @ (0 | 48..)) = number {
        keys.fault(
            "number",
            format!("there is no prefecture {number}"),
            "write 1 to 47",
        );
        return None;
    }
    Some(Prefecture {
        region: region?,
        number: number?,
    })
}

fn custody_mode(keys: &mut Keys<'_>) -> Option<CustodyMode> {
    let meaning = keys.bilingual("meaning");
    let afterwards = keys.bilingual("afterwards");
    Some(CustodyMode {
        meaning: meaning?,
        afterwards: afterwards?,
    })
}

fn regime(keys: &mut Keys<'_>) -> Option<Regime> {
    let takes = keys.words("takes");
    let secretariat = keys.words("secretariat");
    let number = keys.word("number");
    let begins_with = keys.word("begins_with");
    let entered_by = keys.words("entered_by");
    let ended_by = keys.words("ended_by");
    let shown_to = keys.words("shown_to");
    let rules = keys.bilingual("rules");
    Some(Regime {
        takes: takes?,
        secretariat: secretariat?,
        number: number?,
        begins_with: begins_with?,
        entered_by: entered_by?,
        ended_by: ended_by?,
        shown_to: shown_to?,
        rules: rules?,
    })
}
