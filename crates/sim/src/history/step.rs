//! The steps that follow on a report, an advisory, or from within an organization: their words.

/// Makes an enum whose variants have one word each.
macro_rules! steps {
    ($(#[$doc:meta])* pub enum $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name { $($(#[$vdoc])* $variant,)+ }

        impl $name {
            /// Every step.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// Its word in a line of a history.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                out.write_str(self.word())
            }
        }

        impl std::str::FromStr for $name {
            type Err = anyhow::Error;

            fn from_str(text: &str) -> anyhow::Result<Self> {
                match text {
                    $($word => Ok(Self::$variant),)+
                    _ => anyhow::bail!("`{text}` is no step"),
                }
            }
        }
    };
}

pub(super) use steps;

steps! {
    /// What follows on a report.
    pub enum ReportStep {
        /// Its source writes a new narrative.
        Update = "update",
        /// Its source takes it back.
        Withdraw = "withdraw",
        /// Its source makes a draft of an incident from a near miss.
        Promote = "promote",
        /// Its source takes its consent to pass it on back.
        Narrow = "narrow",
        /// Its source takes the members of communities out of its circles.
        KeepIn = "keep-in",
        /// Its source answers the newest question.
        Reply = "reply",
        /// The author of a report that names nobody opens its mailbox with its code.
        Mailbox = "mailbox",
        /// The relay writes what is to leave and asks its author.
        Consult = "consult",
        /// The relay puts it into a new incident.
        Group = "group",
        /// The relay rates it.
        Rate = "rate",
        /// The ministry asks, through the relay.
        AskAbove = "ask-above",
        /// The relay passes the newest question from above on in its own words.
        Forward = "forward",
    }
}

steps! {
    /// What follows on an advisory.
    pub enum AdvisoryStep {
        /// Its issuer issues it again with another text.
        Amend = "amend",
        /// Its issuer makes its label stricter.
        Tighten = "tighten",
        /// Its issuer takes it back.
        Recall = "recall",
        /// Its issuer reminds those who have not acted.
        Nudge = "nudge",
        /// Its addressee says how useful it was.
        Feedback = "feedback",
        /// Its addressee asks its issuer.
        Question = "question",
        /// Its issuer answers the question that waits longest, to who asked.
        Tell = "tell",
        /// Its issuer answers it to everybody, and writes the question anew.
        TellAll = "tell-all",
    }
}

steps! {
    /// What begins within an organization.
    pub enum HouseStep {
        /// Its duty officer begins a draft.
        Draft = "draft",
        /// Its relay enters an incident that it told by phone.
        Phone = "phone",
        /// Its administrator plans a turn, and another takes it over.
        Turn = "turn",
        /// Its administrator invites somebody.
        Invite = "invite",
        /// The center writes an advisory to it and does not issue it.
        Compose = "compose",
        /// The center issues an advisory to one person of it and to the coordination center, and makes it
        /// red: tiers lose sight of it.
        Whisper = "whisper",
        /// The program sends the mail that is due.
        Deliver = "deliver",
        /// The program publishes a batch of the log.
        Publish = "publish",
    }
}
