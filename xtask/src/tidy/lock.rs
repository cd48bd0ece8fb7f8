//! The browser tests' lock file names versions and hashes, and no host to fetch them from: which
//! registry or mirror serves them is a matter of each machine.

use super::Finding;
use crate::tree::Tree;

/// Finds `resolved` addresses in lock files of npm.
pub(crate) fn check(tree: &Tree) -> Vec<Finding> {
    let mut found = Vec::new();
    for file in tree
        .files
        .iter()
        .filter(|file| file.path.ends_with("package-lock.json"))
    {
        for (line, text) in file.lines() {
            if text.trim_start().starts_with("\"resolved\":") {
                let what = "the lock file names a host; run npm install with the .npmrc beside it";
                found.push(Finding::new(&file.path, line, what));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::tidy::places;
    use crate::tree::Tree;

    #[test]
    fn a_host_in_a_lock_file_is_found() {
        let text = "{\n  \"version\": \"1\",\n  \"resolved\": \"https://host.example/a.tgz\"\n}\n";
        let tree = Tree::sample(&[("a/package-lock.json", text), ("b.json", text)]);
        assert_eq!(places(&check(&tree)), ["a/package-lock.json:3"]);
    }
}
