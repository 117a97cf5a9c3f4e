//! `gatewright serve`: applies the blueprints, serves the flows, and applies again whenever a file changes.
//!
//! Mistakes never take a running server down: they are printed, and the last good revision stays.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use gatewright_compiler::diagnostic::{Diagnostic, Severity};
use gatewright_reconciler::plan::PlanSummary;
use gatewright_reconciler::store::Store;
use gatewright_reconciler::watch::{self, Watcher};
use gatewright_runtime::{Config, Runtime};
use ipnet::IpNet;
use jiff::Timestamp;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use url::{Host, Url};

use crate::cli::{DatabaseArgs, HistoryArgs, Outcome, ProgramArgs};
use crate::database::Database;
use crate::error::{CliError, Context as _};
use crate::pipeline::{self, Consent, Report, Settled};
use crate::program::Program;
use crate::render::{Place, Printer};

/// How often the database is asked whether another process applied something.
const LOOK: Duration = Duration::from_secs(2);

/// Proxies on this machine are trusted unless others are named.
const LOOPBACK: [&str; 2] = ["127.0.0.0/8", "::1/128"];

/// Who stands in the history.
const AUTHOR: &str = "serve";

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// A folder of blueprints to apply and to watch (may be repeated, each a layer above the one before)
    #[arg(long, value_name = "DIR")]
    blueprints: Vec<PathBuf>,

    /// Agree to deletions and to taking over fields that no blueprint declared
    #[arg(long)]
    yes: bool,

    /// Delete what blueprints declared once and none declares any more
    #[arg(long)]
    prune: bool,

    #[command(flatten)]
    history: HistoryArgs,

    #[command(flatten)]
    program: ProgramArgs,

    #[command(flatten)]
    database: DatabaseArgs,

    /// Where to listen
    #[arg(long, value_name = "ADDRESS", env = "GATEWRIGHT_LISTEN", default_value = "127.0.0.1:9000", value_parser = address)]
    listen: SocketAddr,

    /// The address that browsers see; may be left out while listening on loopback
    #[arg(long, value_name = "URL", env = "GATEWRIGHT_PUBLIC_URL", value_parser = public)]
    public_url: Option<Url>,

    /// Networks whose forwarded headers count (may be repeated) [default: loopback]
    #[arg(long, value_name = "CIDR", value_parser = network)]
    trusted_proxy: Vec<IpNet>,
}

fn network(text: &str) -> Result<IpNet, String> {
    let address = || text.parse::<IpAddr>().map(IpNet::from);
    text.parse().or_else(|_| address()).map_err(|_| "a network is written as `10.0.0.0/8`".to_owned())
}

fn address(text: &str) -> Result<SocketAddr, String> {
    let text = text.strip_prefix("localhost:").map_or_else(|| text.to_owned(), |port| format!("127.0.0.1:{port}"));
    text.parse().map_err(|_| "an address is written as `127.0.0.1:9000`, `0.0.0.0:9000` or `[::1]:9000`".to_owned())
}

fn public(text: &str) -> Result<Url, String> {
    let example = "write it as `https://login.example.com`";
    let url = Url::parse(text).map_err(|_| example.to_owned())?;
    if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
        return Err(format!("it begins with https:// or http://: {example}"));
    }
    if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
        return Err(format!("it has no path, as everything is served below `/`: {example}"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(format!("it holds no user and no password: {example}"));
    }
    Ok(url)
}

pub(crate) fn run(args: &Args, printer: &mut Printer) -> Result<Outcome, CliError> {
    crate::logging::init("info,sqlx=warn,notify=warn");
    super::runtime()?.block_on(work(args, printer))
}

async fn work(args: &Args, printer: &mut Printer) -> Result<Outcome, CliError> {
    let bootstrap = Bootstrap::from_environment()?;
    let database = Database::named(&args.database)?;
    printer.warning(database.warning());
    // A port that is taken is known before anything is written.
    let listener = TcpListener::bind(args.listen).await.context(format_args!("cannot listen on {}", args.listen))?;
    let config = config(args, listener.local_addr().context("the address of the socket")?)?;
    let store = database.open(printer).await?;
    let outcome = serve(args, listener, config, &store, &bootstrap, printer).await;
    store.close().await;
    outcome
}

async fn serve(
    args: &Args,
    listener: TcpListener,
    config: Config,
    store: &Store,
    bootstrap: &Bootstrap,
    printer: &mut Printer,
) -> Result<Outcome, CliError> {
    let listening = listener.local_addr().context("the address of the socket")?;
    let public_url = config.public_url.clone();
    // Watched from before the first look, so that no change falls in between.
    let watcher = watcher(args)?;
    let mut layers = Layers::new(args);
    if !layers.update(store, printer).await? {
        match store.revision().await.context("the database cannot be read")? {
            0 => return Ok(Outcome::Mistakes),
            revision => printer.note(&format!("revision {revision}, the last good one, is served")),
        }
    }
    if bootstrap.run(store).await? {
        printer.note("the administrator `akadmin` was set up from the environment");
    }
    let runtime = Runtime::load(store.clone(), config).await.context("the flows cannot be loaded")?;
    let stop = stop().context("signals cannot be listened to")?;
    announce(&runtime, listening, &public_url, printer).await?;
    let watching = keep_up(layers, watcher, store, &runtime, printer);
    let served = tokio::select! {
        served = runtime.serve(listener, stop) => served.context("the server stopped"),
        () = watching => Ok(()),
    };
    served.map(|()| Outcome::Success)
}

fn config(args: &Args, listening: SocketAddr) -> Result<Config, CliError> {
    let public_url = match &args.public_url {
        Some(url) => url.clone(),
        None if listening.ip().is_loopback() => of_socket(listening)?,
        None => {
            return Err(CliError::usage(format!("--public-url is needed when listening on {listening}"))
                .hint("it is the address that browsers see, for instance https://login.example.com"));
        }
    };
    let trusted_proxies = match args.trusted_proxy.as_slice() {
        [] => LOOPBACK.iter().filter_map(|network| network.parse().ok()).collect(),
        networks => networks.to_vec(),
    };
    Ok(Config { public_url, trusted_proxies })
}

fn of_socket(listening: SocketAddr) -> Result<Url, CliError> {
    Url::parse(&format!("http://{listening}/")).context("the address of the socket")
}

/// The layers, and what was last said about them.
struct Layers<'a> {
    args: &'a Args,
    said: Vec<Diagnostic>,
    /// Who has to agree to what, where somebody has to.
    asked: Vec<String>,
}

impl<'a> Layers<'a> {
    const fn new(args: &'a Args) -> Self {
        Self { args, said: Vec::new(), asked: Vec::new() }
    }

    /// Applies them as they are now. False: mistakes or a refusal, printed; nothing was written.
    async fn update(&mut self, store: &Store, printer: &mut Printer) -> Result<bool, CliError> {
        let args = self.args;
        let program = Program::load(&args.program, &args.blueprints)?;
        let consent = Consent { given: args.yes, prune: args.prune };
        let settled = pipeline::settle(store, program, &args.program.levels, consent, AUTHOR).await?;
        let failing = self.said.iter().any(|diagnostic| diagnostic.severity == Severity::Error);
        let news = self.report(settled.report(), printer);
        if failing && !settled.report().has_errors() {
            printer.note("the mistakes are gone");
        }
        match settled {
            Settled::Nothing(..) => self.asked.clear(),
            Settled::Applied(_, plan, revision) => {
                self.asked.clear();
                store.history_trim(args.history.history).await.context("the history cannot be shortened")?;
                let PlanSummary { create, update, delete, .. } = plan.summary();
                let counts = format!("{create} created, {update} changed, {delete} deleted");
                printer.note(&format!("applied as revision {revision}: {counts}"));
            }
            Settled::Mistakes(report) => {
                if news {
                    printer.mistakes_summary(&report);
                }
                return Ok(false);
            }
            Settled::Refused(_, reasons) => {
                self.ask(reasons, printer);
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Prints findings unless they are the same as last time: the folders are looked at again and again.
    fn report(&mut self, report: &Report, printer: &mut Printer) -> bool {
        let found: Vec<Diagnostic> = report.all().map(|(found, _)| found.clone()).collect();
        let news = found != self.said;
        if news {
            printer.diagnostics(report, Place::Beside);
            self.said = found;
        }
        news
    }

    fn ask(&mut self, reasons: Vec<String>, printer: &mut Printer) {
        if reasons != self.asked {
            printer.note("these changes need your consent, so none was applied:");
            printer.reasons(&reasons);
            printer.note("agree with `gatewright apply --yes`, or start with --yes");
            self.asked = reasons;
        }
    }
}

/// For automation: the administrator's password, e-mail address and API token at the first start.
struct Bootstrap {
    password: Option<String>,
    email: Option<String>,
    token: Option<String>,
}

impl Bootstrap {
    fn from_environment() -> Result<Self, CliError> {
        Self::read(|name| std::env::var(name).ok())
    }

    fn read(variable: impl Fn(&str) -> Option<String>) -> Result<Self, CliError> {
        let given = |name: &str| match variable(name) {
            Some(text) if text.trim().is_empty() => {
                Err(CliError::usage(format!("{name} is empty")).hint("give it a value, or unset it"))
            }
            other => Ok(other),
        };
        let email = given("GATEWRIGHT_BOOTSTRAP_EMAIL")?;
        let is_email =
            |text: &str| matches!(text.split_once('@'), Some((name, host)) if !name.is_empty() && !host.is_empty());
        if let Some(text) = email.as_deref().filter(|text| !is_email(text)) {
            return Err(CliError::usage(format!(
                "GATEWRIGHT_BOOTSTRAP_EMAIL holds `{text}`, which is no e-mail address"
            ))
            .hint("write it as `admin@example.com`"));
        }
        Ok(Self {
            password: given("GATEWRIGHT_BOOTSTRAP_PASSWORD")?,
            email,
            token: given("GATEWRIGHT_BOOTSTRAP_TOKEN")?,
        })
    }

    /// Whether this set the administrator up.
    async fn run(&self, store: &Store) -> Result<bool, CliError> {
        let [password, email, token] = [&self.password, &self.email, &self.token].map(Option::as_deref);
        store.bootstrap(password, email, token, Timestamp::now()).await.context("the administrator cannot be set up")
    }
}

async fn announce(
    runtime: &Runtime,
    listening: SocketAddr,
    public_url: &Url,
    printer: &mut Printer,
) -> Result<(), CliError> {
    let socket = of_socket(listening)?;
    if socket == *public_url {
        printer.line(&format!("listening on {public_url}"));
    } else {
        printer.line(&format!("listening on {socket} for {public_url}"));
    }
    if public_url.scheme() == "http" && !is_loopback(public_url) {
        let text = format!("`{public_url}` is plain http: whoever sees the traffic sees the passwords");
        printer.warning(Some(text));
    }
    if let Some(link) = runtime.setup_link().await.context("the initial-setup link")? {
        printer.line(&format!("set up the administrator: {link}"));
    }
    Ok(())
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

fn watcher(args: &Args) -> Result<Option<Watcher>, CliError> {
    let folders: Vec<PathBuf> = args.blueprints.iter().filter(|path| path.exists()).cloned().collect();
    if folders.is_empty() {
        return Ok(None);
    }
    watch::watch(&folders).context("the blueprints cannot be watched").map(Some)
}

/// Applies after every change of a file, and reloads after every new revision, whoever made it. Never ends.
async fn keep_up(
    mut layers: Layers<'_>,
    mut watcher: Option<Watcher>,
    store: &Store,
    runtime: &Runtime,
    printer: &mut Printer,
) {
    let mut serving = store.revision().await.ok();
    let mut was_fine = true;
    loop {
        let kept = tokio::select! {
            () = changed(watcher.as_mut()) => layers.update(store, printer).await.map(|fine| {
                if !fine && was_fine {
                    printer.note("the last good revision stays in service");
                }
                was_fine = fine;
            }),
            () = tokio::time::sleep(LOOK) => Ok(()),
        };
        let kept = match kept {
            Ok(()) => reload(store, runtime, &mut serving).await,
            Err(error) => Err(error),
        };
        if let Err(error) = kept {
            printer.error(&error);
            // The disk or the database may come back.
            tokio::time::sleep(LOOK).await;
        }
    }
}

async fn changed(watcher: Option<&mut Watcher>) {
    match watcher {
        Some(watcher) => watcher.changed().await,
        None => std::future::pending().await,
    }
}

/// Serves the newest revision, where that is another one.
async fn reload(store: &Store, runtime: &Runtime, serving: &mut Option<u64>) -> Result<(), CliError> {
    let newest = store.revision().await.context("the database cannot be read")?;
    if *serving != Some(newest) {
        *serving = Some(runtime.reload().await.context("the flows cannot be loaded")?);
    }
    Ok(())
}

/// Resolves when somebody asks the process to end. Listens from the call on, not only from the first poll:
/// whoever read the address may send a signal at once.
fn stop() -> std::io::Result<impl Future<Output = ()> + Send + 'static> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        assert_eq!(address("localhost:9472").unwrap().to_string(), "127.0.0.1:9472");
        assert!(address("9472").unwrap_err().contains("127.0.0.1:9000"));
        assert!(public("https://login.example.com").is_ok());
        for text in
            ["login.example.com", "localhost:9000", "https://a.example/sso", "https://u:p@a.example", "http://a/?x"]
        {
            assert!(public(text).unwrap_err().contains("https://login.example.com"), "{text}");
        }
        let loopback = |text| is_loopback(&public(text).unwrap());
        assert!(loopback("http://localhost:1") && loopback("http://[::1]:1") && !loopback("http://192.168.0.1"));
    }

    #[test]
    fn variables_of_the_first_start_are_checked() {
        let read = |name: &'static str, text: &'static str| {
            Bootstrap::read(|asked| (asked == name).then(|| text.to_owned()))
                .map(|_| ())
                .map_err(|error| error.to_string())
        };
        assert_eq!(read("GATEWRIGHT_BOOTSTRAP_PASSWORD", "x"), Ok(()));
        assert!(read("GATEWRIGHT_BOOTSTRAP_PASSWORD", " ").unwrap_err().contains("empty"));
        assert!(read("GATEWRIGHT_BOOTSTRAP_EMAIL", "root").unwrap_err().contains("e-mail"));
        assert_eq!(read("GATEWRIGHT_BOOTSTRAP_EMAIL", "root@localhost"), Ok(()));
    }
}
