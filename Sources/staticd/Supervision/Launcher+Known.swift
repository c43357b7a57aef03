/// The known launchers.
extension Launcher {
  /// The launcher of this name; nil for any other program.
  static func named(_ name: String) -> Launcher? { byName[name] }

  private static let byName: [String: Launcher] =
    (shell + system + containers + python + others).reduce(into: [:]) { known, launcher in
      for name in launcher.names { known[name] = launcher }
    }

  /// Reserved words and built-in commands of shells. POSIX.1-2017, Shell Command Language, 2.4
  private static let shell = [
    Launcher("then else do if elif while until ! {", takesAssignments: true),
    Launcher("exec", options: "-c -l -a:"),
    Launcher("command", options: "-p"),
    Launcher("time", options: "-p -v -a -o: -f:", takesAssignments: true),
  ]

  /// Programs of coreutils, util-linux and similar packages.
  private static let system = [
    Launcher(
      "env",
      options: "-i -v -0 -u: -C: --ignore-environment --debug --null --unset: --chdir:",
      takesAssignments: true,
      directory: "-C --chdir"
    ),
    Launcher("nohup setsid", options: "-c -f -w --ctty --fork --wait"),
    Launcher("nice", options: "-n: --adjustment:"),
    Launcher("ionice", options: "-c: -n: -t --class: --classdata: --ignore"),
    Launcher("stdbuf", options: "-i: -o: -e: --input: --output: --error:"),
    Launcher("unbuffer", options: "-p"),
    Launcher("prlimit", options: "-p: --pid:"),
    Launcher("taskset", options: "-a -c --all-tasks --cpu-list", operandCount: 1),
    Launcher(
      "timeout",
      options: "-f -p -v -s: -k: --foreground --preserve-status --verbose --signal: --kill-after:",
      operandCount: 1
    ),
    Launcher(
      "chroot",
      options: "--userspec: --groups: --skip-chdir",
      operandCount: 1
    ),
    Launcher(
      "sudo",
      options: "-A -b -E -H -n -P -S -k -u: -g: -p: -C: -D: -h: -R: -T: --preserve-env --user: "
        + "--group: --non-interactive --set-home --chdir:",
      takesAssignments: true,
      directory: "-D --chdir"
    ),
    Launcher(
      "setpriv",
      options: "--reuid: --regid: --ruid: --rgid: --euid: --egid: --groups: --init-groups "
        + "--clear-groups --keep-groups --reset-env --no-new-privs --nnp --inh-caps: "
        + "--ambient-caps: --bounding-set: --securebits: --pdeathsig:"
    ),
    Launcher("gosu su-exec setuidgid s6-setuidgid envdir s6-envdir", operandCount: 1),
    Launcher(
      "chpst",
      options:
        "-u: -U: -b: -e: -/: -n: -l: -L: -m: -d: -o: -p: -f: -c: -r: -t: -C: -v -V -P -0 -1 -2",
      directory: "-C"
    ),
  ]

  /// Init programs of containers, and programs that wait or fetch variables before they start the
  /// app.
  private static let containers = [
    Launcher("tini tini-static", options: "-s -g -v -vv -vvv -w -p: -e:"),
    Launcher("dumb-init", options: "-c -v -r: --single-child --verbose --rewrite:"),
    Launcher("catatonit with-contenv"),
    Launcher(
      "wait-for-it wait-for-it.sh wait-for dockerize doppler infisical op chamber aws-vault",
      needsDashes: true
    ),
  ]

  /// Environments, tracers and monitors of Python.
  private static let python = [
    Launcher(
      "uv",
      ["run", "tool run"],
      options: uvOptions,
      directory: "--directory"
    ),
    Launcher("uvx", options: uvOptions, directory: "--directory"),
    Launcher(
      "poetry",
      ["run"],
      options: "-q -v -vv -vvv -n -C: -P: --quiet --verbose --no-interaction --no-plugins "
        + "--no-cache --ansi --no-ansi --directory: --project:",
      directory: "-C --directory"
    ),
    Launcher("pipenv", ["run"], options: "--verbose --quiet --python: --system"),
    Launcher(
      "pdm",
      ["run"],
      options: "-v -q -s -p: --verbose --quiet --site-packages --recreate --project: --venv:"
    ),
    Launcher("rye hatch", ["run"]),
    Launcher(
      "conda mamba micromamba",
      ["run"],
      options: "-v -n: -p: --name: --prefix: --verbose --no-capture-output --live-stream --cwd:",
      directory: "--cwd"
    ),
    Launcher(
      "dotenv",
      ["run"],
      options: "-f: -q: -e: --file: --quote: --export: --override --no-override"
    ),
    Launcher("honcho", ["run"], options: "-e: -d: -f: --env: --app-root: --procfile:"),
    Launcher("newrelic-admin", ["run-program", "run-python"]),
    Launcher("ddtrace-run", options: "-d -i -p --debug --info --profiling"),
    Launcher(
      "opentelemetry-instrument",
      options: "--traces_exporter: --metrics_exporter: --logs_exporter: --service_name: "
        + "--exporter_otlp_endpoint: --resource_attributes:"
    ),
    Launcher("elasticapm-run scout-apm"),
    Launcher(
      "coverage",
      ["run"],
      options: "-m -a -p -L --module --append --parallel-mode --pylib --branch --timid --source: "
        + "--omit: --include: --rcfile: --data-file: --concurrency: --context:"
    ),
    Launcher("debugpy", options: "-m --listen: --connect: --wait-for-client --log-to:"),
    Launcher(
      "memray",
      ["run"],
      options: "-m -q -f -o: --output: --force --quiet --native --follow-fork --aggregate"
    ),
    Launcher(
      "watchmedo",
      ["auto-restart"],
      options: "-R -d: -p: -i: --recursive --directory: --pattern: --patterns: --ignore-patterns: "
        + "--interval: --signal: --kill-after: --debug-force-polling"
    ),
  ]

  /// Launchers of other languages.
  private static let others = [
    Launcher("bundle", ["exec"], options: "--gemfile: --keep-file-descriptors"),
    Launcher("foreman", ["run"], options: "-e: -d: -f: --env: --root: --procfile:"),
    Launcher("direnv", ["exec"], operandCount: 1),
  ]

  /// Options of `uv`, `uv run` and `uvx`.
  private static let uvOptions =
    "-q -v -n -U -m -s -w: -i: -f: -P: -C: -p: -c: -b: --quiet --verbose --no-cache --module --script "
    + "--gui-script --all-extras --dev --no-dev --only-dev --all-groups --no-default-groups "
    + "--no-editable --no-env-file --isolated --active --exact --inexact --no-sync --locked --frozen "
    + "--all-packages --no-project --no-index --upgrade --reinstall --no-build-isolation "
    + "--compile-bytecode --no-sources --no-build --no-binary --refresh --managed-python "
    + "--no-managed-python --no-python-downloads --native-tls --offline --no-progress --no-config "
    + "--no-workspace --extra: --no-extra: --group: --no-group: --only-group: --env-file: --with: "
    + "--with-editable: --with-requirements: --from: --index: --default-index: --index-url: "
    + "--extra-index-url: --find-links: --upgrade-package: --reinstall-package: --refresh-package: "
    + "--index-strategy: --keyring-provider: --resolution: --prerelease: --fork-strategy: "
    + "--config-setting: --config-settings: --no-build-isolation-package: --exclude-newer: "
    + "--link-mode: --no-build-package: --no-binary-package: --cache-dir: --python: "
    + "--python-preference: --python-platform: --color: --allow-insecure-host: --directory: "
    + "--project: --config-file: --package: --constraints: --overrides: --build-constraints:"
}
