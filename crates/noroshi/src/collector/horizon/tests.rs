use tempfile::TempDir;

use super::*;

const BEGIN: Timestamp = Timestamp::from_seconds(1_800_000_123);
const ADDRESS: u128 = 0xffff_c633_6407;

struct Scene {
    folder: TempDir,
    random: Random,
}

impl Scene {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("talks")).unwrap();
        Self {
            folder,
            random: Random::from_seed([5; 32]),
        }
    }

    fn directory(&self) -> PathBuf {
        self.folder.path().join("talks")
    }

    fn key_file(&self) -> PathBuf {
        self.folder.path().join("wrapping.key")
    }

    fn room(&mut self, days: u16) -> anyhow::Result<KeyRoom> {
        let (directory, file) = (self.directory(), self.key_file());
        KeyRoom::open(&directory, &file, days, &mut self.random)
    }

    fn at(&mut self, days: u16, later_seconds: i64) -> Horizon {
        let mut room = self.room(days).unwrap();
        room.at(BEGIN.plus_seconds(later_seconds), &mut self.random)
            .unwrap()
    }
}

#[test]
fn a_start_within_the_horizon_goes_on_with_its_key() {
    let mut scene = Scene::new();
    let first = scene.at(30, 0);
    let again = scene.at(30, 29 * SECONDS_PER_DAY);
    assert_eq!((first.number, again.number), (1, 1));
    assert_eq!(first.key().token(ADDRESS), again.key().token(ADDRESS));
    assert_eq!(first.ends, again.ends);
    assert_eq!(first.ends.seconds() % SECONDS_PER_HOUR, 0);
}

#[test]
fn behind_the_end_the_token_is_another_and_the_old_key_is_nowhere() {
    let mut scene = Scene::new();
    let old = scene.at(30, 0);
    let kept = fs::read_to_string(scene.directory().join(FILE)).unwrap();
    let new = scene.at(30, 30 * SECONDS_PER_DAY);
    assert_eq!(new.number, 2);
    assert_ne!(old.key().token(ADDRESS), new.key().token(ADDRESS));
    let kept: Kept = serde_json::from_str(&kept).unwrap();
    let mut files = 0;
    for folder in [scene.folder.path(), &scene.directory()] {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                files += 1;
                let octets = fs::read(&path).unwrap();
                for gone in [
                    kept.wrapped.as_bytes(),
                    kept.sealed.as_bytes(),
                    old.key().as_bytes(),
                    new.key().as_bytes(),
                ] {
                    assert!(!octets.windows(gone.len()).any(|part| part == gone));
                }
            }
        }
    }
    assert_eq!(files, 2, "the wrapping key and the new horizon");
}

#[test]
fn fewer_days_end_a_running_horizon_and_more_than_the_most_are_refused() {
    let mut scene = Scene::new();
    assert_eq!(scene.at(30, 0).number, 1);
    assert_eq!(scene.at(7, 6 * SECONDS_PER_DAY).number, 1);
    assert_eq!(scene.at(7, 8 * SECONDS_PER_DAY).number, 2);
    for days in [0, HORIZON_DAYS_MAX + 1] {
        let error = scene.room(days).err().unwrap().to_string();
        assert!(error.contains("from 1 to 30 days"), "{error}");
    }
}

#[test]
fn a_wrapping_key_that_others_can_read_or_that_lies_beside_is_refused() {
    let mut scene = Scene::new();
    let _drawn = scene.room(30).unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&scene.key_file()), 0o600);
    fs::set_permissions(scene.key_file(), fs::Permissions::from_mode(0o640)).unwrap();
    let error = scene.room(30).err().unwrap().to_string();
    assert!(error.contains("mode 640"), "{error}");
    let beside = scene.directory().join("wrapping.key");
    let opened = KeyRoom::open(&scene.directory(), &beside, 30, &mut scene.random);
    let error = opened.err().unwrap().to_string();
    assert!(error.contains("beside what it protects"), "{error}");
}

#[test]
fn another_wrapping_key_does_not_open_it_and_says_what_to_do() {
    let mut scene = Scene::new();
    assert_eq!(scene.at(30, 0).number, 1);
    fs::remove_file(scene.key_file()).unwrap();
    let mut room = scene.room(30).unwrap();
    let error = room.at(BEGIN, &mut scene.random).err().unwrap();
    assert!(error.to_string().contains("does not open"), "{error}");
}

#[test]
fn an_end_in_the_midst_of_the_change_is_finished_at_the_next_start() {
    let mut scene = Scene::new();
    let old = scene.at(30, 0);
    let later = 40 * SECONDS_PER_DAY;
    let (file, next) = (
        scene.directory().join(FILE),
        scene.directory().join(NEXT_FILE),
    );
    let before = fs::read(&file).unwrap();
    let new = scene.at(30, later);
    // As if the program had ended after the next file was whole, and again after the old one was
    // written over.
    for left in [before.clone(), vec![0; before.len()]] {
        fs::copy(&file, &next).unwrap();
        fs::write(&file, left).unwrap();
        let after = scene.at(30, later);
        assert_eq!(after.number, 2);
        assert_eq!(after.key().token(ADDRESS), new.key().token(ADDRESS));
        assert!(!next.exists());
    }
    // A torn next file was never used.
    fs::write(&next, "{\"number\":").unwrap();
    assert_eq!(scene.at(30, later).number, 2);
    assert_ne!(old.number, 2);
}

#[test]
fn each_horizon_has_a_wrapping_key_of_its_own_and_a_change_that_broke_off_is_finished() {
    let mut scene = Scene::new();
    let next_key = scene.folder.path().join("wrapping.key.next");
    let old = scene.at(30, 0);
    let (old_key, old_kept) = (
        fs::read(scene.key_file()).unwrap(),
        fs::read(scene.directory().join(FILE)).unwrap(),
    );
    let later = 40 * SECONDS_PER_DAY;
    let new = scene.at(30, later);
    let new_key = fs::read(scene.key_file()).unwrap();
    assert_ne!(old_key, new_key);
    assert!(!next_key.exists());
    // A snapshot of the old horizon does not open with the key of today.
    let kept: Kept = serde_json::from_slice(&old_kept).unwrap();
    let text = std::str::from_utf8(&new_key).unwrap();
    assert!(opened(&kept, &MasterKey::parse(text).unwrap()).is_none());
    // As if the program had ended before the next key took its place.
    fs::write(scene.key_file(), &old_key).unwrap();
    write_new(&next_key, &new_key).unwrap();
    assert_eq!(
        scene.at(30, later).key().token(ADDRESS),
        new.key().token(ADDRESS)
    );
    assert_eq!(fs::read(scene.key_file()).unwrap(), new_key);
    // And as if it had ended before the next key was used.
    fs::write(scene.key_file(), &old_key).unwrap();
    fs::write(scene.directory().join(FILE), &old_kept).unwrap();
    write_new(&next_key, &new_key).unwrap();
    assert_eq!(
        scene.at(30, 0).key().token(ADDRESS),
        old.key().token(ADDRESS)
    );
    assert!(!next_key.exists());
}

#[test]
fn a_horizon_that_a_wrong_clock_began_does_not_outlive_its_days() {
    let mut scene = Scene::new();
    let years = 3_650 * SECONDS_PER_DAY;
    let ahead = scene.at(30, years);
    let mended = scene.at(30, 0);
    assert_eq!((ahead.number, mended.number), (1, 2));
    assert_eq!(scene.at(30, 60).number, 2);
}

#[test]
fn behind_a_lost_key_comes_a_number_that_no_horizon_had() {
    let mut scene = Scene::new();
    let lost = scene.at(30, 0);
    fs::create_dir(scene.directory().join("talks")).unwrap();
    fs::remove_file(scene.directory().join(FILE)).unwrap();
    let next = scene.at(30, SECONDS_PER_DAY);
    assert_ne!(next.key().token(ADDRESS), lost.key().token(ADDRESS));
    let begun = BEGIN.plus_seconds(SECONDS_PER_DAY).seconds();
    assert_eq!(next.number, begun.unsigned_abs());
    // What began before it is not told to be of it.
    assert!(next.since_ms().is_some());
    fs::remove_file(scene.directory().join(FILE)).unwrap();
    let again = scene.at(30, 2 * SECONDS_PER_DAY);
    assert_ne!(again.number, next.number);
}
