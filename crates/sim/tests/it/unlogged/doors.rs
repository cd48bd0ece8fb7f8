//! The child's part: a hub that logs everything, and real secrets through each of its doors.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::Ordering;

use domain::organization::Role;
use hub::set_up::{Authority, Installer, KeyPair, SetUp};
use hub::{Hub, Random};
use noroshi::config::{Mail, MailProtection};
use noroshi::mail::Mailer;
use seal::identity::{OpeningRequest, approve_share};
use seal::object::MasterKey;
use seal::secret::password::Cost;
use seal::secret::totp::TotpKey;
use sim::country::Who;
use sim::crawl::forms;
use sim::sweep::paths;
use sim::world::{encoded, seeded};
use store::keyring::Keyring;
use store::{Location, Store};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use view::layout::HubLine;

use super::client::Client;
use super::spelling::from_base64;
use super::visit::{FORM, SEED, Visit, owned, serves};
use super::{CARELESS, DIRECTORY, SECRETS, base32, hex};
use crate::reference;

const DUTY: Who = ("kitahama", Role::DutyOfficer);
const OFFICER: Who = ("denryoku", Role::Officer);
const RUNS: Who = ("denryoku", Role::Administrator);
const PASSWORD: &str = "のろし kanaria+4471/oozora";
const WRONG_PASSWORD: &str = "のろし kanaria+4472/hikari";
const SMTP_PASSWORD: &str = "smtp-kanaria=4471 relay";
/// Bytes that a file may have when the disk takes no more: fewer than any that is written has.
const LIMIT_BYTES: u32 = 4_096;

#[test]
fn goes_through_every_door() {
    let Some(directory) = std::env::var_os(DIRECTORY).map(PathBuf::from) else {
        return;
    };
    logs();
    let is_careless = std::env::var_os(CARELESS).is_some();
    let mut visit = Visit::begin(&directory, is_careless);
    visit.signs_in();
    visit.comes_by_link();
    visit.uses_passkeys();
    visit.uses_codes();
    visit.uses_tokens();
    visit.opens_a_seal();
    visit.writes();
    visit.begins_a_hub();
    visit.sends_mail(&directory);
    for who in [DUTY, OFFICER, RUNS] {
        visit.reads_everything(who);
    }
    visit.keep("master-key", &master().expose_text());
    for canary in visit.trace.canaries.clone() {
        let label = canary.text.split('-').next().unwrap_or_default();
        visit.keep(label, &canary.text);
    }
    let lines: Vec<String> = visit
        .secrets
        .iter()
        .map(|(label, secret)| format!("{label} {}\n", hex::written(secret.as_bytes())))
        .collect();
    std::fs::write(directory.join(SECRETS), lines.concat()).unwrap();
    if !is_careless {
        visit.once_more_on_a_full_disk();
    }
}

/// Both formats, every crate, the finest level, to the end of this process; into a pipe, which has no
/// limit when files have one.
fn logs() {
    // No time: its digits could be those of a code.
    let plain = tracing_subscriber::fmt::layer()
        .without_time()
        .with_ansi(false)
        .with_writer(std::io::stderr);
    let json = tracing_subscriber::fmt::layer()
        .json()
        .without_time()
        .with_writer(std::io::stderr);
    tracing_subscriber::registry()
        .with(plain)
        .with(json)
        .try_init()
        .unwrap();
}

fn master() -> MasterKey {
    MasterKey::generate(&mut seeded(SEED).derive("master"))
}

impl Visit {
    fn signs_in(&mut self) {
        let actor = self.world.actor(DUTY).unwrap();
        let (account, login) = ("account", "duty-officer@kitahama.example");
        self.keep("login", login);
        let secret = self.world.session(DUTY).unwrap().to_owned();
        let call = self.world.call(DUTY, &actor);
        let pending = hub::sign_in::pending_totp(&self.world.hub, &call, &secret).unwrap();
        let key = TotpKey::from_bytes(base32(&pending.base32));
        self.keep("totp-key", &pending.base32);
        self.keep("totp-address", &pending.uri);
        self.read(DUTY, "/settings/sign-in");
        let code = key.code_at(self.now_seconds());
        self.keep("totp-code", &code);
        let path = "/settings/sign-in/both";
        let made = self.post(DUTY, path, &[("password", PASSWORD), ("code", &code)]);
        assert_eq!(made.status, 200, "{}", made.body);
        self.keep("password", PASSWORD);
        self.keep("wrong-password", WRONG_PASSWORD);
        // As the person had no password, the session that set it is another from now on.
        if let Some(session) = made.cookie("noroshi") {
            self.keep("session", &session);
        }
        let call = self.world.call(DUTY, &actor);
        let codes = hub::sign_in::renew_recovery_codes(&self.world.hub, &call).unwrap();
        for code in &codes {
            self.keep("recovery-code", code);
        }
        for (password, code) in [
            (WRONG_PASSWORD, "993311"),
            (PASSWORD, "993311"),
            (WRONG_PASSWORD, codes[1].as_str()),
            (PASSWORD, codes[0].as_str()),
        ] {
            let fields = [(account, login), ("password", password), ("code", code)];
            let answer = self.knock("/sign-in", &fields);
            if let Some(session) = answer.cookie("noroshi") {
                self.keep("session", &session);
            }
        }
        self.keep("wrong-totp-code", "993311");
        self.clock.fetch_add(90_000_000, Ordering::Relaxed);
        let code = key.code_at(self.now_seconds());
        self.keep("totp-code", &code);
        let fields = [(account, login), ("password", PASSWORD), ("code", &code)];
        let answer = self.knock("/sign-in", &fields);
        assert_eq!(answer.status, 303, "{}", answer.body);
        self.keep("session", &answer.cookie("noroshi").unwrap());
    }

    fn comes_by_link(&mut self) {
        let console = Installer::local_console();
        let set_up = SetUp {
            authority: Authority::Console(&console),
            now: self.world.now(),
            random: Random::from_seed([18; 32]),
        };
        let place = self.world.country.places[&("kitahama", Role::Staff)];
        let later = self.world.now().plus_seconds(86_400);
        let links = hub::set_up::sign_in_links(&self.world.hub, &set_up, vec![place], later);
        let link = links.unwrap().remove(0);
        self.keep("sign-in-link", &link);
        let path = format!("/sign-in/link/{link}");
        let begun = self.client.ask("GET", &path, &[], "");
        self.keep("session", &begun.cookie("noroshi").unwrap());
        let link = self.trace.links.last().unwrap().clone();
        self.keep("invitation", &link);
        self.client.ask("GET", &format!("/join/{link}"), &[], "");
        let name = "金糸雀 四四七一";
        self.keep("name", name);
        let fields = [
            ("link", link.as_str()),
            ("name", name),
            ("login", "kanaria@4471.example"),
        ];
        let begun = self.knock("/join", &fields);
        assert_eq!(begun.status, 303, "{}", begun.body);
        self.keep("session", &begun.cookie("noroshi").unwrap());
        self.keep("login", "kanaria@4471.example");
    }

    fn uses_passkeys(&mut self) {
        let (cookie, token) = self.session(DUTY);
        for place in ["/settings/sign-in/passkey", "/sign-in/passkey"] {
            let headers = [
                ("content-type", "application/json"),
                ("x-csrf-token", token.as_str()),
                ("cookie", cookie.as_str()),
            ];
            let signed = if place.starts_with("/settings") {
                &headers[..]
            } else {
                &headers[..1]
            };
            let begin = format!("{place}/begin");
            let begun = self.client.ask("POST", &begin, signed, "{\"name\":\"鍵\"}");
            assert_eq!(begun.status, 200, "{place}: {}", begun.body);
            let (_, rest) = begun.body.split_once("\"challenge\":\"").unwrap();
            let challenge = rest.split('"').next().unwrap().to_owned();
            self.keep("passkey-challenge", &challenge);
            let bytes = format!("{:?}", from_base64(&challenge));
            self.keep("passkey-challenge-bytes", bytes.trim_matches(['[', ']']));
            let ceremony = begun.cookie("noroshi-ceremony").unwrap();
            self.keep("passkey-ceremony", &ceremony);
            let with = format!("{cookie}; noroshi-ceremony={ceremony}");
            let mut headers = signed.to_vec();
            headers.retain(|(name, _)| *name != "cookie");
            headers.push(("cookie", &with));
            let answer = format!(
                "{{\"id\":\"{challenge}\",\"rawId\":\"{challenge}\",\"type\":\"public-key\",\
                 \"response\":{{\"clientDataJSON\":\"{challenge}\",\
                 \"attestationObject\":\"{challenge}\",\"authenticatorData\":\"{challenge}\",\
                 \"signature\":\"{challenge}\",\"userHandle\":\"{challenge}\"}}}}"
            );
            self.client
                .ask("POST", &format!("{place}/finish"), &headers, &answer);
        }
    }

    fn uses_codes(&mut self) {
        let filed = self.trace.filed(0).unwrap();
        let code = filed.code.unwrap();
        let wrong = "4471 4471 4471 4471 4471 4471 4471 4471";
        self.keep("mailbox-code", &code);
        self.keep("wrong-code", wrong);
        for path in ["/mailbox", "/drafts/resume"] {
            self.post(DUTY, path, &[("code", wrong)]);
        }
        let opened = self.post(DUTY, "/mailbox", &[("code", &code)]);
        let pass = opened.cookie("noroshi-mailbox").unwrap();
        self.keep("mailbox-pass", &pass);
        let text = "返事カナリア4471「まだ」";
        self.keep("reply", text);
        let cookies = format!("; noroshi-mailbox={pass}");
        self.post_with(DUTY, "/mailbox/messages", &[("text", text)], &cookies);
        let actor = self.world.actor(DUTY).unwrap();
        let call = self.world.call(DUTY, &actor);
        let begun = hub::draft::begin(&self.world.hub, &call, hub::draft::Keeping::Code).unwrap();
        let code = begun.code.unwrap();
        self.keep("draft-code", &code);
        self.post(DUTY, "/drafts/resume", &[("code", &code)]);
    }

    fn uses_tokens(&mut self) {
        let actor = self.world.actor(DUTY).unwrap();
        let scope = hub::tokens::scopes(&actor).into_iter().collect();
        let token = self.world.new_token(DUTY, &scope).unwrap().unwrap();
        let mut wrong = token.clone();
        wrong.truncate(token.len() - 3);
        wrong += "447";
        let line = "金網の穴カナリア4471 \"見つけた\"";
        self.keep("api-token", &token);
        self.keep("wrong-api-token", &wrong);
        self.keep("line", line);
        let body = serde_json::json!({"kind": "open-hole", "scope": "unnamed", "line": line});
        for token in [&token, &wrong] {
            let bearer = format!("Bearer {token}");
            let headers = [
                ("authorization", bearer.as_str()),
                ("content-type", "application/json"),
            ];
            let path = "/api/v1/near-misses";
            let sent = self.client.ask("POST", path, &headers, &body.to_string());
            if let Some((_, rest)) = sent.body.split_once("\"mailbox_code\":\"") {
                let code = rest.split('"').next().unwrap().to_owned();
                self.keep("mailbox-code", &code);
            }
            self.client.ask("GET", "/api/v1/me", &headers, "");
        }
    }

    fn opens_a_seal(&mut self) {
        let mut random = seeded(SEED).derive("country").derive("custodian keys");
        let keys: [KeyPair; 3] = std::array::from_fn(|_| KeyPair::generate(&mut random));
        for pair in &keys {
            self.keep("custodian-key", &pair.secret.expose_text());
        }
        let secret = keys[0].secret.expose_text();
        let opening = self.trace.things("opn")[0].clone();
        let agreements = format!("/openings/{opening}/agreements");
        // The one thing that must never be sent, in the two places where it may be pasted.
        let name = [("name", "後任"), ("public_key", secret.as_str())];
        self.post(RUNS, "/custodians/slots/2", &name);
        self.post(OFFICER, &agreements, &[("agreement", &secret)]);
        let actor = self.world.actor(OFFICER).unwrap();
        let id = opening.parse().unwrap();
        let call = self.world.call(OFFICER, &actor);
        let file = hub::open_seal::request_file(&self.world.hub, &call, id).unwrap();
        let asked = OpeningRequest::from_json(&file).unwrap();
        for pair in &keys[..2] {
            let share = approve_share(&pair.secret, &asked, &mut random).unwrap();
            let share = share.to_json();
            self.keep("share", &share);
            let taken = self.post(OFFICER, &agreements, &[("agreement", &share)]);
            assert_eq!(taken.status, 303, "{}", taken.body);
        }
        let shown = self.post(OFFICER, &format!("/openings/{opening}/identity"), &[]);
        assert!(shown.body.contains("kitahama"), "{}", shown.body);
        // Who reported: names that stand nowhere else.
        self.keep("source", "kitahama duty-officer");
    }

    /// Texts into forms as they stand on the pages.
    fn writes(&mut self) {
        let draft = self.trace.things("drf")[0].clone();
        let report = self.trace.filed(1).unwrap().report.to_string();
        let advisory = self.trace.things("adv")[0].clone();
        for (who, page, field, label) in [
            (DUTY, "/near-miss".to_owned(), "line", "line"),
            (DUTY, format!("/drafts/{draft}/what"), "headline", "draft"),
            (
                ("suido", Role::Officer),
                format!("/reports/{report}"),
                "text",
                "question",
            ),
            (
                ("suido", Role::Analyst),
                format!("/reports/{report}"),
                "why",
                "reason",
            ),
            (
                ("center", Role::Analyst),
                "/advisories/new".to_owned(),
                "title",
                "advisory",
            ),
            (
                ("kitahama", Role::Officer),
                format!("/advisories/{advisory}"),
                "remark",
                "remark",
            ),
            (RUNS, "/members/invite".to_owned(), "name", "name"),
            (RUNS, "/members/invite".to_owned(), "mail", "mail"),
        ] {
            let shown = self.read(who, &page);
            let secret = match label {
                "mail" => "kanaria-4473@4471.example".to_owned(),
                _ => format!("金糸雀{label} 4471'<{}>", self.secrets.len()),
            };
            let mut sent = 0;
            for form in forms(&shown.body) {
                if form.action == "/sign-out" {
                    continue;
                }
                let mut fields = form.fields.clone();
                for (name, value) in &mut fields {
                    if name == field {
                        value.clone_from(&secret);
                        sent += 1;
                    }
                }
                let (cookie, token) = self.session(who);
                let headers = [FORM[0], ("cookie", cookie.as_str())];
                let body = encoded(&token, &fields);
                self.client.ask("POST", &form.action, &headers, &body);
            }
            assert!(sent > 0, "no `{field}` on {page}: {}", shown.status);
            self.keep(label, &secret);
        }
        let search = "/search?q=kanaria-4474&texts=yes";
        self.read(OFFICER, search);
        self.keep("search", "kanaria-4474");
    }

    /// An empty hub beside it, which somebody takes with its one-time code.
    fn begins_a_hub(&mut self) {
        let keyring = Keyring::new("empty.sim", master());
        let store = Store::open(&Location::Memory, keyring).unwrap();
        let empty = Hub::new(store, reference(), Cost::Test);
        let console = Installer::local_console();
        let set_up = SetUp {
            authority: Authority::Console(&console),
            now: self.world.now(),
            random: Random::from_seed([19; 32]),
        };
        let code = hub::first_run::offer(&empty, &set_up).unwrap().unwrap();
        self.keep("first-run-code", &code);
        let mut wrong = code.clone();
        wrong.truncate(code.len() - 3);
        wrong += "447";
        self.keep("wrong-first-run-code", &wrong);
        let mut client = Client {
            address: serves(&empty, &self.clock, self.is_careless),
            asked: Vec::new(),
        };
        client.ask("GET", "/first-run", &[], "");
        for code in [&wrong, &code] {
            let fields = [
                ("code", code.as_str()),
                ("kind", "national-center"),
                ("name_ja", "中央"),
                ("name_en", "center"),
                ("person", "金糸雀 四四七五"),
                ("mail", "kanaria@4475.example"),
                ("login", "kanaria@4475.example"),
            ];
            let body = encoded("", &owned(&fields));
            let answer = client.ask("POST", "/first-run", &FORM, &body);
            if code == &wrong {
                assert_eq!(answer.status, 422, "{}", answer.body);
            } else {
                assert_eq!(answer.status, 303, "{}", answer.body);
                self.keep("session", &answer.cookie("noroshi").unwrap());
            }
        }
        self.keep("name", "金糸雀 四四七五");
        self.keep("login", "kanaria@4475.example");
    }

    /// A relay that refuses the password, and repeats it.
    fn sends_mail(&mut self, directory: &Path) {
        let relay = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = relay.local_addr().unwrap().port();
        std::thread::spawn(move || {
            for stream in relay.incoming() {
                let mut stream = stream.unwrap();
                let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
                let _greeted = stream.write_all(b"220 relay\r\n");
                while let Some(Ok(line)) = lines.next() {
                    let answer = match line.split(' ').next().unwrap_or_default() {
                        "EHLO" => "250-relay\r\n250 AUTH PLAIN LOGIN\r\n".to_owned(),
                        "QUIT" => break,
                        _ => format!("535 no such account or password: {line}\r\n"),
                    };
                    if stream.write_all(answer.as_bytes()).is_err() {
                        break;
                    }
                }
            }
        });
        let file = directory.join("smtp");
        std::fs::write(&file, SMTP_PASSWORD).unwrap();
        let mail = Mail {
            host: "127.0.0.1".to_owned(),
            port,
            from: "hub@hub.sim".to_owned(),
            protection: MailProtection::Plain,
            account: Some("kanaria-relay-4471".to_owned()),
            password_file: Some(file),
        };
        let line = HubLine {
            name: "狼煙".to_owned(),
            checkpoint: None,
            phone: None,
        };
        let mailer = Mailer::new(&mail, "http://hub.sim", line).unwrap();
        let random = Random::from_seed([20; 32]);
        mailer.run(&self.world.hub, &random).unwrap();
        self.keep("smtp-password", SMTP_PASSWORD);
        self.keep("smtp-account", "kanaria-relay-4471");
    }

    fn reads_everything(&mut self, who: Who) {
        for path in paths(&self.trace) {
            self.read(who, &path);
        }
    }

    /// From now on no file grows, and the files there are take no write beyond their beginnings; every
    /// request comes once more.
    fn once_more_on_a_full_disk(&self) {
        let limited = Command::new("prlimit")
            .args(["--pid", &std::process::id().to_string()])
            .arg(format!("--fsize={LIMIT_BYTES}:{LIMIT_BYTES}"))
            .status()
            .unwrap();
        assert!(limited.success());
        let mut refused = 0;
        for request in &self.client.asked {
            let answer = self.client.repeat(request);
            refused += usize::from(answer.status >= 500);
        }
        println!("{refused} of {} requests failed", self.client.asked.len());
        assert!(refused > 20, "{refused} requests failed");
    }
}
