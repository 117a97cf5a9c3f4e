//! `gatewright serve`: applies the blueprints, serves the flows, and applies again whenever a file changes.
//!
//! Mistakes never take a running server down: they are printed, and the last good revision stays.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use gatewright_compiler::diagnostic::Diagnostic;
use gatewright_reconciler::plan::PlanSummary;
use gatewright_reconciler::store::Store;
use gatewright_reconciler::watch::{self, Watcher};
use gatewright_runtime::{Config, Runtime};
use ipnet::IpNet;
use jiff::Timestamp;
use tokio::net::TcpListener;
use url::Url;

use crate::cli::{DatabaseArgs, Outcome, ProgramArgs};
use crate::error::{CliError, Context as _};
use crate::pipeline::{self, Report, Settled};
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

    #[command(flatten)]
    program: ProgramArgs,

    #[command(flatten)]
    database: DatabaseArgs,

    /// Where to listen
    #[arg(long, value_name = "ADDRESS", env = "GATEWRIGHT_LISTEN", default_value = "127.0.0.1:9000")]
    listen: SocketAddr,

    /// The address that browsers see; may be left out while listening on loopback
    #[arg(long, value_name = "URL", env = "GATEWRIGHT_PUBLIC_URL")]
    public_url: Option<Url>,

    /// Networks whose forwarded headers count (may be repeated) [default: loopback]
    #[arg(long, value_name = "CIDR", value_parser = network)]
    trusted_proxy: Vec<IpNet>,
}

fn network(text: &str) -> Result<IpNet, String> {
    let address = || text.parse::<IpAddr>().map(IpNet::from);
    text.parse().or_else(|_| address()).map_err(|_| "a network is written as `10.0.0.0/8`".to_owned())
}

pub(crate) fn run(args: &Args, printer: &mut Printer) -> Result<Outcome, CliError> {
    crate::logging::init("info,sqlx=warn");
    super::runtime()?.block_on(work(args, printer))
}

async fn work(args: &Args, printer: &mut Printer) -> Result<Outcome, CliError> {
    // A port that is taken is known before anything is written.
    let listener = TcpListener::bind(args.listen).await.context(format_args!("cannot listen on {}", args.listen))?;
    let config = config(args, listener.local_addr().context("the address of the socket")?)?;
    let public_url = config.public_url.clone();
    let store = pipeline::open(&args.database).await?;
    // Watched from before the first look, so that no change falls in between.
    let watcher = watcher(args)?;
    let mut layers = Layers { args, said: Vec::new() };
    if !layers.update(&store, printer).await? && store.revision().await.context("the database cannot be read")? == 0 {
        return Ok(Outcome::Mistakes);
    }
    bootstrap(&store).await?;
    let runtime = Runtime::load(store.clone(), config).await.context("the flows cannot be loaded")?;
    announce(&runtime, &public_url, printer).await?;
    let watching = keep_up(layers, watcher, &store, &runtime, printer);
    let served = tokio::select! {
        served = runtime.serve(listener, stop()) => served.context("the server stopped"),
        () = watching => Ok(()),
    };
    store.close().await;
    served.map(|()| Outcome::Success)
}

fn config(args: &Args, listening: SocketAddr) -> Result<Config, CliError> {
    let public_url = match &args.public_url {
        Some(url) => url.clone(),
        None if listening.ip().is_loopback() => {
            Url::parse(&format!("http://{listening}/")).context("the address of the socket")?
        }
        None => {
            return Err(CliError::usage(format!("--public-url is needed when listening on {listening}"))
                .hint("it is the address that browsers see, for instance https://login.example.com"));
        }
    };
    if !matches!(public_url.scheme(), "http" | "https") || public_url.host().is_none() {
        return Err(CliError::usage(format!("`{public_url}` is no address of a web server"))
            .hint("it begins with https:// or http://"));
    }
    let trusted_proxies = match args.trusted_proxy.as_slice() {
        [] => LOOPBACK.iter().filter_map(|network| network.parse().ok()).collect(),
        networks => networks.to_vec(),
    };
    Ok(Config { public_url, trusted_proxies })
}

/// The layers, and what was last said about them.
struct Layers<'a> {
    args: &'a Args,
    said: Vec<Diagnostic>,
}

impl Layers<'_> {
    /// Applies them as they are now. False: mistakes or a refusal, printed; nothing was written.
    async fn update(&mut self, store: &Store, printer: &mut Printer) -> Result<bool, CliError> {
        let args = self.args;
        let program = Program::load(&args.program, &args.blueprints)?;
        let settled = pipeline::settle(store, program, args.program.strict, args.yes, AUTHOR).await?;
        let news = self.report(settled.report(), printer);
        match settled {
            Settled::Nothing(_) => Ok(true),
            Settled::Applied(_, plan, revision) => {
                let PlanSummary { create, update, delete, .. } = plan.summary();
                let counts = format!("{create} created, {update} changed, {delete} deleted");
                printer.note(&format!("applied as revision {revision}: {counts}"));
                Ok(true)
            }
            Settled::Mistakes(report) => {
                if news {
                    printer.mistakes_summary(&report);
                }
                Ok(false)
            }
            Settled::Refused(_, reasons) => {
                printer.note("these changes need your consent, so none was applied:");
                reasons.iter().for_each(|reason| printer.note(&format!("  {reason}")));
                printer.note("agree with `gatewright apply --yes`, or start with --yes");
                Ok(false)
            }
        }
    }

    /// Prints findings unless they are the same as last time: the folders are looked at again and again.
    fn report(&mut self, report: &Report, printer: &mut Printer) -> bool {
        let read = report.program.findings.iter().map(|finding| &finding.diagnostic);
        let found: Vec<Diagnostic> = read.chain(&report.diagnostics).cloned().collect();
        let news = found != self.said;
        if news {
            printer.diagnostics(report, Place::Beside);
            self.said = found;
        }
        news
    }
}

/// For automation: the administrator's password, e-mail address and API token at the first start.
async fn bootstrap(store: &Store) -> Result<(), CliError> {
    let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let password = variable("GATEWRIGHT_BOOTSTRAP_PASSWORD");
    let email = variable("GATEWRIGHT_BOOTSTRAP_EMAIL");
    let token = variable("GATEWRIGHT_BOOTSTRAP_TOKEN");
    if password.is_none() && email.is_none() && token.is_none() {
        return Ok(());
    }
    store
        .bootstrap(password.as_deref(), email.as_deref(), token.as_deref(), Timestamp::now())
        .await
        .context("the administrator cannot be set up")?;
    Ok(())
}

async fn announce(runtime: &Runtime, public_url: &Url, printer: &mut Printer) -> Result<(), CliError> {
    printer.line(&format!("listening on {public_url}"));
    if let Some(link) = runtime.setup_link().await.context("the initial-setup link")? {
        printer.line(&format!("set up the administrator: {link}"));
    }
    Ok(())
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
    loop {
        let kept = tokio::select! {
            () = changed(watcher.as_mut()) => layers.update(store, printer).await.map(|fine| {
                if !fine {
                    printer.note("the last good revision stays in service");
                }
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

/// Resolves when somebody asks the process to end.
async fn stop() {
    let interrupt = tokio::signal::ctrl_c();
    match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(mut terminate) => tokio::select! {
            _ = interrupt => {}
            _ = terminate.recv() => {}
        },
        Err(_) => drop(interrupt.await),
    }
}
