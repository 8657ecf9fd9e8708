//! The command line. `main.rs` dispatches; what a flag means is explained by the setting of the same name.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::settings::Profile;

/// Below the list of commands.
const AFTER_HELP: &str = "\
Every setting can also stand in server.toml or in the environment: XW_ and the name in capitals,
such as XW_BASE_URL. The command line wins over the environment, the environment over the file,
the file over the defaults. `server default-config` prints them all with an explanation.";

/// Civil-affairs services of a district in one program: web pages, database and signed confirmations.
#[derive(Parser, Clone, Debug)]
#[command(name = "server", version, about, long_about = None)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,

    /// Settings given on the command line; they may stand before or after the command.
    #[command(flatten)]
    pub(crate) overrides: ServeOverrides,
}

/// What the program can do.
#[derive(Subcommand, Clone, Debug, PartialEq, Eq)]
pub(crate) enum Command {
    /// Serve the web pages until SIGTERM or Ctrl-C.
    ///
    /// Creates or upgrades the database first, as `migrate` does. When told to stop, it accepts nothing new,
    /// finishes what is under way within 10 seconds and closes the database.
    Serve,

    /// Create the database or bring it to this program's version, then stop.
    ///
    /// Safe to repeat: a database that is up to date is left as it is.
    Migrate,

    /// Copy the whole database into a file while the server runs.
    ///
    /// The file must not exist. Personal data stays sealed in it; the keys are not in it, so keep a copy of the key folder
    /// elsewhere. PostgreSQL needs its own program pg_dump. Keep copies no longer than you have to: who deletes an
    /// account is still in the copies from before.
    Backup {
        /// The file to make, such as /srv/backup/2026-11-24.db.
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },

    /// Put a copy back where the settings say that the database is; there must be none yet.
    ///
    /// It is checked and opened with the keys; a SQLite file takes its place only after that. Everybody has to sign in
    /// again. PostgreSQL needs an empty database and its own program pg_restore.
    Restore {
        /// A file that `backup` made.
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },

    /// Load the sample data of the demo profile, then stop.
    ///
    /// Refused in production. Safe to repeat: what is there already is not added again.
    Demo,

    /// Print the complaints and suggestions that were received, newest first.
    ///
    /// They are kept encrypted; this needs the key folder. Staff handle them at /staff/complaints; this is for the
    /// operator when no page can be opened.
    Complaints,

    /// Look after the audit trail: walk its chains, or cut what is older than it has to be kept.
    #[command(subcommand)]
    Audit(AuditCommand),

    /// Look after the time bank's ledger.
    #[command(subcommand)]
    Ledger(LedgerCommand),

    /// Work out anew what was drawn for a hot day of a marriage office.
    #[command(subcommand)]
    Draw(DrawCommand),

    /// Manage the accounts of staff.
    Staff {
        /// What to do with them.
        #[command(subcommand)]
        command: StaffCommand,
    },

    /// Look after the keys that sign confirmations.
    ///
    /// They lie in the key folder (setting key_dir). A running server takes changes over within half a minute.
    Keys {
        /// What to do with them.
        #[command(subcommand)]
        command: KeysCommand,
    },

    /// Print a server.toml with every setting, its default and what it does, commented out.
    ///
    /// Start with: server default-config > server.toml
    DefaultConfig,

    /// Check the text of a confirmation's QR code and say what it confirms.
    ///
    /// Uses the public keys in the key folder and no network. Ends with 0 when the text is genuine and in its
    /// time, otherwise with 1 and the reason.
    Verify {
        /// The text of the QR code: the whole address (HTTPS://…/V/…), or the part after /V/.
        #[arg(value_name = "TEXT")]
        text: String,
    },
}

/// What can be done with the audit trail.
#[derive(Subcommand, Clone, Debug, PartialEq, Eq)]
pub(crate) enum AuditCommand {
    /// Walk every chain from its last cut and name the first entry that was changed, removed, moved or inserted.
    ///
    /// Ends with 0 when every chain is whole, otherwise with 1. Entries of the last seconds have no seal yet; they are
    /// counted and named so. Write down each chain's end elsewhere and hand it in later with --head: it proves that nothing
    /// was cut off there.
    Verify {
        /// One area's chain alone: a street's or the district's code.
        #[arg(long, value_name = "CODE")]
        area: Option<String>,
        /// An end that was written down before, such as 320214050:417:5f…: is it still there? May be given several times.
        #[arg(long = "head", value_name = "CODE:NUMBER:HASH")]
        heads: Vec<String>,
    },

    /// Delete the entries from before a day, whole segments from the beginning of each chain; the rest still verifies.
    ///
    /// The server does it by itself by the setting `retention` (audit_entries). In production at least 183 days stay
    /// (网络安全法 23).
    Cut {
        /// The day from which entries stay, such as 2026-01-31.
        #[arg(long, value_name = "DATE")]
        before: jiff::civil::Date,
    },
}

/// What can be done with a draw.
#[derive(Subcommand, Clone, Debug, PartialEq, Eq)]
pub(crate) enum DrawCommand {
    /// Check that the seed has the hash that was public before, and that the order is the one that it gives.
    ///
    /// Reads the file that the draw's own page offers; needs no database, no keys and no network. Ends with 0 when
    /// everything holds, otherwise with 1 and what does not.
    Verify {
        /// The published file draw.json, or - for what is piped in.
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
}

/// What can be done with the time bank's ledger.
#[derive(Subcommand, Clone, Debug, PartialEq, Eq)]
pub(crate) enum LedgerCommand {
    /// Walk every ledger from its first entry and name the first one that was changed, removed or moved.
    ///
    /// Compares the kept balances with what the entries make, and checks that all of them sum to zero. Ends with 0 when
    /// everything holds, otherwise with 1. Write down each ledger's end elsewhere and hand it in later with --head.
    Verify {
        /// One area's ledger alone: the district's code.
        #[arg(long, value_name = "CODE")]
        area: Option<String>,
        /// An end that was written down before, such as 320214:417:5f…: is it still there? May be given several times.
        #[arg(long = "head", value_name = "CODE:NUMBER:HASH")]
        heads: Vec<String>,
    },
}

/// What can be done with the keys of confirmations.
#[derive(Subcommand, Clone, Debug, PartialEq, Eq)]
pub(crate) enum KeysCommand {
    /// List all keys with their fingerprints: which signs, which stand by, which are retired.
    List,
    /// Make a new key. The first one signs at once; every other stands by until `rotate`.
    ///
    /// A key that stands by is published already, so that counters have it before they meet it.
    Make,
    /// Take in a private key that was made elsewhere: an Ed25519 key in PKCS#8 PEM. The file is copied.
    Import {
        /// The file, such as one of: openssl genpkey -algorithm ed25519
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// Take in a key whose private half a program keeps, such as one that asks a hardware module.
    ///
    /// The program gets the message on its input and writes the 64 bytes of the signature. It is tried first.
    ImportCommand {
        /// The public half in PEM.
        #[arg(long, value_name = "FILE")]
        public: PathBuf,
        /// The program and what it is called with.
        #[arg(value_name = "PROGRAM", required = true, trailing_var_arg = true)]
        command: Vec<String>,
    },
    /// Let a key that stands by sign from now on; the one before is retired, and what it signed still holds.
    Rotate {
        /// The key that signs next; by default the newest that stands by.
        #[arg(value_name = "ID")]
        to: Option<String>,
    },
    /// Sign with the key that signs now, check it, and say how long that takes. Nothing is stored.
    Try {
        /// How many confirmations to sign and to check.
        #[arg(long, value_name = "NUMBER", default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=100_000))]
        count: u32,
    },
    /// Retire a key that does not sign now.
    Retire {
        /// The key.
        #[arg(value_name = "ID")]
        id: String,
        /// It may be in other hands: nothing that it ever signed holds any more.
        #[arg(long)]
        lost: bool,
    },
}

/// What can be done with accounts of staff.
#[derive(Subcommand, Clone, Debug, PartialEq, Eq)]
pub(crate) enum StaffCommand {
    /// Make an account; prints its first password.
    Add {
        /// The name to sign in with: 3 to 32 small letters, digits, dots and hyphens.
        #[arg(value_name = "LOGIN")]
        login: String,
        /// The person's name.
        #[arg(long, value_name = "NAME")]
        name: String,
        /// A role and its place, such as street_officer@320214050; may be given several times.
        #[arg(long = "post", value_name = "ROLE@PLACE", required = true)]
        posts: Vec<String>,
    },
    /// List all accounts with their posts.
    List,
    /// Disable an account; it is signed out everywhere at once.
    Disable {
        /// The account.
        #[arg(value_name = "LOGIN")]
        login: String,
    },
    /// Forget an account's password, second factors and devices; prints a new first password.
    Reset {
        /// The account.
        #[arg(value_name = "LOGIN")]
        login: String,
    },
}

/// Settings that may be given on the command line, where they win over environment and file.
#[derive(Args, Clone, Debug, Default, PartialEq, Eq)]
#[command(next_help_heading = "Settings")]
pub(crate) struct ServeOverrides {
    /// The settings file [default: ./server.toml where it exists; environment: XW_CONFIG].
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,

    /// The address and port to listen on, such as 127.0.0.1:3000 or 0.0.0.0:3000.
    #[arg(long, global = true, value_name = "IP:PORT")]
    pub(crate) addr: Option<SocketAddr>,

    /// The public address that residents open, such as `https://xw.example.cn`; it stands in every QR code.
    #[arg(long, global = true, value_name = "URL")]
    pub(crate) base_url: Option<String>,

    /// The database: sqlite://FILE or postgres://USER@HOST/NAME (a password belongs into XW_DATABASE_URL).
    #[arg(long, global = true, value_name = "URL")]
    pub(crate) database_url: Option<String>,

    /// The folder for what the program writes, such as the SQLite database.
    #[arg(long, global = true, value_name = "FOLDER")]
    pub(crate) data_dir: Option<PathBuf>,

    /// The folder with the encryption and signing keys; in production outside the data folder.
    #[arg(long, global = true, value_name = "FOLDER")]
    pub(crate) key_dir: Option<PathBuf>,

    /// `demo` to try it out, `production` for real people.
    #[arg(long, global = true, value_enum)]
    pub(crate) profile: Option<Profile>,

    /// The folder with the stylesheet, the scripts and the icons, made by `make build`.
    #[arg(long, global = true, value_name = "FOLDER")]
    pub(crate) site_root: Option<PathBuf>,

    /// How many proxies of ours stand before this server.
    #[arg(long, global = true, value_name = "NUMBER")]
    pub(crate) trusted_hops: Option<u8>,

    /// What to log, such as info, or info,server=debug.
    #[arg(long, global = true, value_name = "FILTER")]
    pub(crate) log: Option<String>,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_definition_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn settings_may_stand_before_or_after_the_command() {
        for line in [
            ["server", "--addr", "127.0.0.1:1", "serve", "--config", "x.toml"],
            ["server", "serve", "--addr", "127.0.0.1:1", "--config", "x.toml"],
        ] {
            let cli = Cli::try_parse_from(line).unwrap();
            assert_eq!(cli.command, Command::Serve);
            assert_eq!(cli.overrides.addr, Some("127.0.0.1:1".parse().unwrap()));
            assert_eq!(cli.overrides.config, Some(PathBuf::from("x.toml")));
        }
    }

    #[test]
    fn verify_takes_the_text_of_a_code() {
        let cli = Cli::try_parse_from(["server", "verify", "HTTPS://XW.EXAMPLE.CN/V/ABC"]).unwrap();
        assert_eq!(cli.command, Command::Verify { text: "HTTPS://XW.EXAMPLE.CN/V/ABC".into() });
    }

    #[test]
    fn every_command_explains_itself() {
        for command in Cli::command().get_subcommands() {
            assert!(command.get_about().is_some(), "{} has no help", command.get_name());
        }
    }
}
