import StaticServer
import Testing

@testable import staticd

/// How the app is started, by command line and environment.
///
/// Goal: for every way of starting a server, its address is derived from the command, or it is
/// given one, or the command is refused with a remedy. One row is one command line; `/s` is the
/// private socket, 41000 the private port.
@Suite struct AppCommandTests {
  struct Row: Sendable, CustomTestStringConvertible {
    let command: String
    var environment: [String: String] = [:]
    var upstream: String?
    let address: String
    /// The command line that is started; nil if it is `command`.
    var started: String?
    /// Some of the variables that are set; nil for one that must not be set.
    var variables: [String: String?] = [:]
    var testDescription: String { command }

    init(
      _ command: String,
      _ environment: [String: String] = [:],
      upstream: String? = nil,
      at address: String,
      started: String? = nil,
      variables: [String: String?] = [:]
    ) {
      self.command = command
      self.environment = environment
      self.upstream = upstream
      self.address = address
      self.started = started
      self.variables = variables
    }
  }

  static let port = "127.0.0.1:41000"
  static let socket = "unix:/s"
  static let waitressSocket =
    "--unix-socket=/s --trusted-proxy=localhost "
    + "'--trusted-proxy-headers=x-forwarded-for x-forwarded-proto' --no-clear-untrusted-proxy-headers"
  static let gunicornSocket = "--bind unix:/s --forwarded-allow-ips '*'"

  static let gunicorn: [Row] = [
    Row(
      "gunicorn a:b",
      at: socket,
      started: "gunicorn \(gunicornSocket) a:b",
      variables: ["GUNICORN_CMD_ARGS": gunicornSocket, "PORT": "41000"]
    ),
    Row("/venv/bin/gunicorn a:b", at: socket, started: "/venv/bin/gunicorn \(gunicornSocket) a:b"),
    Row("python -m gunicorn a:b", at: socket, started: "python -m gunicorn \(gunicornSocket) a:b"),
    Row(
      "python3.13 -X dev -m gunicorn.app.wsgiapp a:b",
      at: socket,
      started: "python3.13 -X dev -m gunicorn.app.wsgiapp \(gunicornSocket) a:b"
    ),
    Row(
      "poetry run gunicorn a:b",
      at: socket,
      started: "poetry run gunicorn \(gunicornSocket) a:b"
    ),
    Row(
      "uv run --frozen gunicorn a:b",
      at: socket,
      started: "uv run --frozen gunicorn \(gunicornSocket) a:b"
    ),
    Row(
      "pipenv run gunicorn a:b",
      at: socket,
      started: "pipenv run gunicorn \(gunicornSocket) a:b"
    ),
    Row(
      "newrelic-admin run-program gunicorn a:b",
      at: socket,
      started: "newrelic-admin run-program gunicorn \(gunicornSocket) a:b"
    ),
    Row(
      "env A=b gunicorn a:b",
      at: socket,
      started: "env A=b gunicorn \(gunicornSocket) a:b"
    ),
    Row("tini -- gunicorn a:b", at: socket, started: "tini -- gunicorn \(gunicornSocket) a:b"),
    Row("gunicorn --bind 127.0.0.1:8001 a:b", at: "127.0.0.1:8001", variables: ["PORT": "8001"]),
    Row("gunicorn --bind=127.0.0.1:8001 a:b", at: "127.0.0.1:8001"),
    Row("gunicorn -b 127.0.0.1:8001 a:b", at: "127.0.0.1:8001"),
    Row("gunicorn -b127.0.0.1:8001 a:b", at: "127.0.0.1:8001"),
    Row("gunicorn --bi 127.0.0.1:8001 a:b", at: "127.0.0.1:8001"),
    Row("gunicorn a:b --bind 0.0.0.0:8001", at: "127.0.0.1:8001"),
    Row("gunicorn --bind 0.0.0.0 a:b", at: "127.0.0.1:8000"),
    Row("gunicorn --bind :8001 a:b", at: "127.0.0.1:8001"),
    Row("gunicorn --bind localhost a:b", at: "127.0.0.1:8000"),
    Row("gunicorn --bind tcp://127.0.0.1:8001 a:b", at: "127.0.0.1:8001"),
    Row("gunicorn --bind [::1]:8001 a:b", at: "[::1]:8001"),
    Row("gunicorn --bind [::]:8001 a:b", at: "[::1]:8001"),
    Row("gunicorn --bind [::1] a:b", at: "[::1]:8000"),
    Row("gunicorn --bind unix:/x.sock a:b", at: "unix:/x.sock"),
    Row("gunicorn --bind unix:///x.sock a:b", at: "unix:/x.sock"),
    Row("gunicorn --bind unix:x.sock a:b", at: "unix:x.sock"),
    Row("gunicorn -b 127.0.0.1:8001 -b 0.0.0.0:9000 a:b", at: "127.0.0.1:8001"),
    // The command line overrides the variable, for gunicorn too.
    Row(
      "gunicorn -b 127.0.0.1:8001 a:b",
      ["GUNICORN_CMD_ARGS": "--bind 0.0.0.0:80"],
      at: "127.0.0.1:8001",
      variables: ["GUNICORN_CMD_ARGS": nil]
    ),
    // Our bind replaces the one in the variable; the rest of it stays.
    Row(
      "gunicorn a:b",
      ["GUNICORN_CMD_ARGS": "--bind 0.0.0.0:80 --workers 3"],
      at: socket,
      started: "gunicorn \(gunicornSocket) a:b",
      variables: ["GUNICORN_CMD_ARGS": "--workers 3 \(gunicornSocket)"]
    ),
    Row(
      "gunicorn a:b",
      ["GUNICORN_CMD_ARGS": "-b0.0.0.0 --bind=[::]:80 -w 2 --name 'a b'"],
      at: socket,
      started: "gunicorn \(gunicornSocket) a:b",
      variables: ["GUNICORN_CMD_ARGS": "-w 2 --name 'a b' \(gunicornSocket)"]
    ),
    Row(
      "gunicorn a:b",
      ["GUNICORN_CMD_ARGS": "--access-logformat '%(h)s \"%(r)s\"'"],
      at: socket,
      started: "gunicorn \(gunicornSocket) a:b",
      variables: [
        "GUNICORN_CMD_ARGS": "--access-logformat '%(h)s \"%(r)s\"' \(gunicornSocket)"
      ]
    ),
    // The command line overrides a variable set by `env`.
    Row(
      "env GUNICORN_CMD_ARGS=--bind=0.0.0.0:80 gunicorn a:b",
      at: socket,
      started: "env GUNICORN_CMD_ARGS=--bind=0.0.0.0:80 gunicorn \(gunicornSocket) a:b"
    ),
    // Both override a configuration file.
    Row("gunicorn -c g.py a:b", at: socket, started: "gunicorn \(gunicornSocket) -c g.py a:b"),
    Row(
      "gunicorn a:b",
      upstream: "127.0.0.1:8001",
      at: "127.0.0.1:8001",
      started: "gunicorn --bind 127.0.0.1:8001 a:b",
      variables: ["GUNICORN_CMD_ARGS": "--bind 127.0.0.1:8001", "PORT": "8001"]
    ),
    Row(
      "gunicorn --bind example.com:80 a:b",
      upstream: "127.0.0.1:8001",
      at: "127.0.0.1:8001",
      variables: ["PORT": "8001"]
    ),
  ]

  static let shells: [Row] = [
    Row("sh -c {gunicorn a:b}", at: socket, variables: ["GUNICORN_CMD_ARGS": gunicornSocket]),
    Row("sh -c {exec gunicorn a:b}", at: socket),
    Row("bash -lc {cd app && exec gunicorn a:b >log 2>&1}", at: socket),
    Row("bash -o pipefail -c {gunicorn a:b | cat}", at: socket),
    Row("sh -c {gunicorn --bind 0.0.0.0:$PORT a:b}", at: port),
    Row("sh -c {gunicorn --bind \"0.0.0.0:${PORT:-8000}\" a:b}", at: port),
    Row("sh -c {gunicorn -b $HOST_NAME:80 a:b}", ["HOST_NAME": "127.0.0.2"], at: "127.0.0.2:80"),
    Row("sh -c {gunicorn -w $(nproc) -b :8001 a:b}", at: "127.0.0.1:8001"),
    Row("sh -c {gunicorn $OPTIONS a:b}", ["OPTIONS": "-b :8001 -w 2"], at: "127.0.0.1:8001"),
    Row("sh -c {python manage.py migrate; gunicorn -b 127.0.0.1:8001 a:b}", at: "127.0.0.1:8001"),
    Row("sh -c {hypercorn a:b}", at: "127.0.0.1:8000"),
    Row("sh -c {hypercorn --bind 127.0.0.1:$PORT a:b}", at: port),
    Row("sh -c {python manage.py runserver 8001}", at: "127.0.0.1:8001"),
    Row("sh -c {uvicorn a:b}", at: socket, variables: ["UVICORN_UDS": "/s"]),
    Row("sh -c {uwsgi --module a}", at: port, variables: ["UWSGI_HTTP_SOCKET": port]),
    Row("sh -c {node server.js}", at: port),
    Row("sh start.sh", at: port),
  ]

  static let others: [Row] = [
    Row("uvicorn a:b", at: socket, variables: ["UVICORN_UDS": "/s"]),
    Row("uvicorn --port 8000 a:b", at: socket),
    Row("uvicorn --uds /x.sock a:b", at: "unix:/x.sock"),
    Row("uvicorn --uds=/x.sock a:b", at: "unix:/x.sock", variables: ["UVICORN_UDS": nil]),
    Row("python -m uvicorn a:b", at: socket),
    Row(
      "uvicorn a:b",
      upstream: ":8001",
      at: "127.0.0.1:8001",
      variables: ["UVICORN_HOST": "127.0.0.1", "UVICORN_PORT": "8001", "UVICORN_UDS": nil]
    ),
    Row("hypercorn a:b", at: socket, started: "hypercorn --bind unix:/s a:b"),
    Row("hypercorn -b 127.0.0.1:8001 a:b", at: "127.0.0.1:8001"),
    Row("hypercorn --bind 127.0.0.1 a:b", at: "127.0.0.1:8000"),
    Row("hypercorn --bind unix:/x a:b", at: "unix:/x"),
    Row("granian a:b", at: port, variables: ["GRANIAN_PORT": "41000", "GRANIAN_UDS": nil]),
    Row("granian --port 8001 a:b", at: "127.0.0.1:8001"),
    Row("granian --host 0.0.0.0 a:b", at: port, variables: ["GRANIAN_PORT": "41000"]),
    Row("granian --host :: a:b", at: "[::1]:41000"),
    Row("granian --host ::1 --port 8001 a:b", at: "[::1]:8001"),
    Row("granian --uds /x a:b", at: "unix:/x"),
    Row("daphne a:b", at: port, started: "daphne -b 127.0.0.1 -p 41000 a:b"),
    Row("daphne -p 8001 a:b", at: "127.0.0.1:8001"),
    Row("daphne -b 0.0.0.0 a:b", at: "127.0.0.1:8000"),
    Row("daphne -b 0.0.0.0 -p 8001 a:b", at: "127.0.0.1:8001"),
    Row("daphne --bind=::1 --port=8001 a:b", at: "[::1]:8001"),
    Row("daphne -u /x a:b", at: "unix:/x"),
    Row("daphne -e tcp:8001 a:b", at: "127.0.0.1:8001"),
    Row("daphne --endpoint tcp:port=8001:interface=127.0.0.2 a:b", at: "127.0.0.2:8001"),
    Row("daphne -e unix:/x a:b", at: "unix:/x"),
    Row("daphne -e unix:address=/x:mode=660 a:b", at: "unix:/x"),
    Row("manage.py runserver", at: port, started: "manage.py runserver 127.0.0.1:41000"),
    Row(
      "manage.py runserver --noreload",
      at: port,
      started: "manage.py runserver 127.0.0.1:41000 --noreload"
    ),
    Row(
      "manage.py runserver --verbosity 2",
      at: port,
      started: "manage.py runserver 127.0.0.1:41000 --verbosity 2"
    ),
    Row("manage.py runserver 8001", at: "127.0.0.1:8001"),
    Row("manage.py runserver 0:8001", at: "127.0.0.1:8001"),
    Row("manage.py runserver 0.0.0.0:8001", at: "127.0.0.1:8001"),
    Row("manage.py runserver localhost:8001", at: "127.0.0.1:8001"),
    Row("manage.py runserver [::]:8001", at: "[::1]:8001"),
    Row("manage.py runserver [::1]:8001 --noreload", at: "[::1]:8001"),
    Row("manage.py runserver -6 8001", at: "[::1]:8001"),
    Row("manage.py runserver -6", at: "[::1]:41000", started: "manage.py runserver [::1]:41000 -6"),
    Row("django-admin runserver --settings s 8001", at: "127.0.0.1:8001"),
    Row("python -m django runserver 8001", at: "127.0.0.1:8001"),
    Row("manage.py runserver_plus 8001", at: "127.0.0.1:8001"),
    // Values of options are no addresses.
    Row(
      "manage.py runserver --http_timeout 60",
      at: port,
      started: "manage.py runserver 127.0.0.1:41000 --http_timeout 60"
    ),
    Row("manage.py runserver --websocket_handshake_timeout 5 8001", at: "127.0.0.1:8001"),
    Row(
      "manage.py runserver_plus --reloader-interval 2",
      at: port,
      started: "manage.py runserver_plus 127.0.0.1:41000 --reloader-interval 2"
    ),
    Row("manage.py runserver_plus --reloader-type stat 8001", at: "127.0.0.1:8001"),
    Row("manage.py runserver --unknown word 8001", at: "127.0.0.1:8001"),
    Row("uwsgi --module a", at: port, started: "uwsgi --http-socket \(port) --module a"),
    Row("uwsgi --ini a.ini", at: port, started: "uwsgi --http-socket \(port) --ini a.ini"),
    Row("uwsgi --socket :3031", at: port, started: "uwsgi --http-socket \(port) --socket :3031"),
    Row(
      "uwsgi --http-socket :8001 --module a",
      at: "127.0.0.1:8001",
      variables: ["UWSGI_DIE_ON_TERM": "true", "UWSGI_HTTP_SOCKET": nil]
    ),
    Row("uwsgi --http 127.0.0.1:8001", at: "127.0.0.1:8001"),
    Row("uwsgi --http-socket=/x.sock", at: "unix:/x.sock"),
    Row("waitress-serve a:b", at: socket, started: "waitress-serve \(waitressSocket) a:b"),
    Row("python -m waitress a:b", at: socket, started: "python -m waitress \(waitressSocket) a:b"),
    Row("waitress-serve --listen=127.0.0.1:8001 a:b", at: "127.0.0.1:8001"),
    Row("waitress-serve --listen=*:8001 a:b", at: "127.0.0.1:8001"),
    Row("waitress-serve --port=8001 a:b", at: "127.0.0.1:8001"),
    Row("waitress-serve --host 127.0.0.2 a:b", at: "127.0.0.2:8080"),
    Row("waitress-serve --unix-socket=/x a:b", at: "unix:/x"),
    Row(
      "waitress-serve a:b",
      upstream: "127.0.0.1:8001",
      at: "127.0.0.1:8001",
      started: "waitress-serve --listen=127.0.0.1:8001 a:b"
    ),
    Row(
      "flask --app a run",
      at: port,
      variables: ["FLASK_RUN_PORT": "41000", "FLASK_RUN_HOST": "127.0.0.1"]
    ),
    Row("flask run --port 8001", at: "127.0.0.1:8001"),
    Row("flask run -h 0.0.0.0 -p 8001", at: "127.0.0.1:8001"),
    Row("flask run --host=0.0.0.0", at: port, variables: ["FLASK_RUN_PORT": "41000"]),
    Row("flask run", ["FLASK_RUN_PORT": "80"], at: port, variables: ["FLASK_RUN_PORT": "41000"]),
    Row("flask db upgrade", at: port),
    Row("fastapi run a.py", at: port, started: "fastapi run --host 127.0.0.1 --port 41000 a.py"),
    Row("fastapi dev --port 8001", at: "127.0.0.1:8001"),
    Row("puma", at: port, variables: ["PORT": "41000"]),
    Row("bundle exec puma -p 8001", at: "127.0.0.1:8001"),
    Row("puma -b tcp://127.0.0.1:8001", at: "127.0.0.1:8001"),
    Row("puma -b unix:///x", at: "unix:/x"),
    Row("thin start -p 8001", at: "127.0.0.1:8001"),
    Row("node server.js", at: port, variables: ["PORT": "41000"]),
    Row(
      "python main.py",
      ["UVICORN_FD": "3"],
      at: port,
      variables: [
        "PORT": "41000", "UVICORN_HOST": "127.0.0.1", "UVICORN_PORT": "41000",
        "GUNICORN_CMD_ARGS": "--bind \(port)",
      ]
    ),
    Row("python main.py", upstream: "unix:/x", at: "unix:/x", variables: ["UVICORN_UDS": "/x"]),
    Row("python main.py gunicorn.conf.py", at: port),
  ]

  /// The words of a row; braces enclose a single word.
  private static func words(_ text: String) -> [String] {
    guard let open = text.firstIndex(of: "{"), let close = text.lastIndex(of: "}") else {
      return ShellWords.split(text) ?? []
    }
    return text[..<open].split(separator: " ").map(String.init)
      + [String(text[text.index(after: open)..<close])]
      + (ShellWords.split(String(text[text.index(after: close)...])) ?? [])
  }

  static func plan(_ row: Row) throws -> AppCommand {
    try AppCommand(
      words(row.command),
      upstream: try row.upstream.map { try UpstreamAddress($0) },
      socketPath: "/s",
      port: 41000
    ) { row.environment[$0] }
  }

  @Test(
    "the address of the app, and its arguments and variables",
    arguments: gunicorn + shells + others + launchers + uncertain + assigned + directories
      + clusters
  )
  func plans(row: Row) throws {
    // A script with `${…}` contains braces.
    let plan = try Self.plan(row)
    #expect("\(plan.address)" == row.address)
    #expect(plan.arguments == Self.words(row.started ?? row.command))
    for (name, value) in row.variables { #expect(plan.variables[name] == value, "\(name)") }
  }

  @Test(
    "a command without a known address is refused with a remedy",
    arguments: [
      ("gunicorn --bind example.com:80 a:b", "'--bind example.com:80'"),
      ("gunicorn --bind fd://3 a:b", "'--bind fd://3'"),
      ("gunicorn --bind 127.0.0.1:x a:b", "--upstream"),
      ("gunicorn --bind 127.0.0.1:0 a:b", "--upstream"),
      ("gunicorn --bind 8001 a:b", "leave that out and gunicorn gets a private socket"),
      ("gunicorn --daemon a:b", "leave it out"),
      ("gunicorn -D a:b", "leave it out"),
      ("gunicorn -RD a:b", "leave it out"),
      ("gunicorn --daem a:b", "leave it out"),
      ("env GUNICORN_CMD_ARGS=-D gunicorn a:b", "leave it out"),
      ("gunicorn --certfile c --keyfile k a:b", "'--certfile c' to answer with TLS"),
      ("gunicorn --keyfile=k a:b", "'--keyfile k' to answer with TLS"),
      ("gunicorn --certf c -b :8001 a:b", "TLS"),
      ("env GUNICORN_CMD_ARGS=--certfile=c gunicorn a:b", "'--certfile c' in GUNICORN_CMD_ARGS"),
      ("uvicorn --ssl-keyfile k --ssl-certfile c a:b", "TLS"),
      ("env UVICORN_SSL_CERTFILE=c uvicorn a:b", "'--ssl-certfile c' in its variables"),
      ("hypercorn --certfile c --keyfile k a:b", "TLS"),
      ("granian --ssl-certificate c --ssl-keyfile k a:b", "TLS"),
      ("flask run --cert adhoc", "TLS"),
      ("sh -c {exec gunicorn --certfile c a:b}", "TLS"),
      ("sh -c {UVICORN_FD=3 uvicorn a:b}", "'--fd 3'"),
      ("uvicorn --fd 3 a:b", "uvicorn gets a private socket"),
      ("hypercorn -b fd://3 a:b", "hypercorn gets a private socket"),
      ("granian --host example.com a:b", "granian gets a private port"),
      ("daphne --fd 3 a:b", "daphne gets a private port"),
      ("daphne -e ssl:443:privateKey=k a:b", "'-e ssl:443:privateKey=k'"),
      ("daphne -b example.com a:b", "--upstream"),
      ("manage.py runserver example.com:80", "'runserver example.com:80'"),
      ("manage.py runserver 70000", "--upstream"),
      ("uwsgi --https :8443,a.crt,a.key", "--upstream"),
      ("waitress-serve --listen=example.com:80 a:b", "--upstream"),
      ("flask run --host example.com", "--upstream"),
      ("puma -b ssl://127.0.0.1:9292", "--upstream"),
    ]
  )
  func refuses(command: String, mentions: String) throws {
    let error = #expect(throws: CommandFailure.self) {
      try Self.plan(Row(command, at: ""))
    }
    let failure = try #require(error)
    #expect(failure.status == .usage)
    #expect(failure.lines.count == 1)
    #expect(failure.lines[0].contains(mentions), "\(failure.lines)")
  }

  @Test("TLS is refused even with --upstream, but not if another socket has none")
  func withoutTLS() throws {
    #expect(throws: CommandFailure.self) {
      try Self.plan(Row("gunicorn --certfile c a:b", upstream: ":8001", at: ""))
    }
    let command = "hypercorn --certfile c --keyfile k --bind :8443 --insecure-bind :8001 a:b"
    #expect("\(try Self.plan(Row(command, at: "")).address)" == "127.0.0.1:8001")
  }

  @Test("the first read is uncertain if a file may configure gunicorn for TLS")
  func firstRead() throws {
    func read(_ command: String, _ files: Set<String> = []) throws -> FirstRead {
      try AppCommand(
        Self.words(command),
        upstream: nil,
        socketPath: "/s",
        port: 41000,
        hasFile: files.contains
      ) { _ in nil }.firstRead
    }
    #expect(try read("gunicorn a:b") == FirstRead(byteCount: 8192, isCertain: true))
    #expect(try read("gunicorn -c g.py a:b").isCertain == false)
    #expect(try read("gunicorn a:b", ["gunicorn.conf.py"]).isCertain == false)
    #expect(try read("make gunicorn").byteCount == 0)
  }

  @Test("a bind removed from GUNICORN_CMD_ARGS is reported")
  func notice() throws {
    let plan = try Self.plan(Row("gunicorn a:b", ["GUNICORN_CMD_ARGS": "-b 0.0.0.0:80"], at: ""))
    #expect(
      plan.notices == [
        "'-b 0.0.0.0:80' in GUNICORN_CMD_ARGS is left out: the app listens at unix:/s"
      ]
    )
  }

  @Test("the environment has our variables, none that override them, and no sockets of systemd")
  func environment() throws {
    let plan = try Self.plan(Row("uvicorn a:b", at: ""))
    let entries = ["A=b=c", "UVICORN_FD=3", "PORT=80", "LISTEN_FDS=1", "B="]
    let told = plan.environment(entries.map { Array($0.utf8) }).map {
      String(decoding: $0, as: UTF8.self)
    }
    #expect(told.contains("A=b=c"))
    #expect(told.contains("B="))
    #expect(told.contains("PORT=41000"))
    for name in ["UVICORN_FD", "LISTEN_FDS", "PORT=80"] {
      #expect(!told.contains { $0.hasPrefix(name) })
    }
  }

  @Test(
    "a command that would listen at the server's address is refused",
    arguments: [
      ("gunicorn --bind 0.0.0.0:8000 a:b", "0.0.0.0:8000", "leave that out, and gunicorn gets"),
      ("gunicorn --bind 127.0.0.1:8000 a:b", "0.0.0.0:8000", "'--bind 127.0.0.1:8000'"),
      ("gunicorn --bind 0.0.0.0:8000 a:b", "127.0.0.1:8000", "0.0.0.0:8000"),
      ("gunicorn --bind 0.0.0.0 a:b", "127.0.0.1:8000", "0.0.0.0:8000"),
      ("gunicorn --bind [::]:8000 a:b", "0.0.0.0:8000", "[::]:8000"),
      ("gunicorn -b :9000 -b :8000 a:b", "0.0.0.0:8000", "'-b :8000'"),
      ("hypercorn --bind 0.0.0.0:8000 a:b", "0.0.0.0:8000", "hypercorn gets a private socket"),
      ("manage.py runserver 0.0.0.0:8000", "0.0.0.0:8000", "runserver gets a private port"),
      ("granian --host 0.0.0.0 --port 8000 a:b", "0.0.0.0:8000", "granian"),
      ("daphne -p 8000 a:b", "0.0.0.0:8000", "'-p 8000'"),
      ("flask run -p 8000", "0.0.0.0:8000", "flask"),
      ("sh -c {hypercorn a:b}", "127.0.0.1:8000", "write 'hypercorn --bind 127.0.0.1:$PORT'"),
      ("gunicorn -b unix:/x a:b", "unix:/x", "where staticd listens itself (unix:/x)"),
      ("gunicorn -Rb 0.0.0.0:8000 a:b", "0.0.0.0:8000", "'-b 0.0.0.0:8000'"),
      ("./start gunicorn -b :8000 a:b", "0.0.0.0:8000", "'-b :8000'"),
      ("env PORT=8000 node server.js", "0.0.0.0:8000", "'PORT=8000'"),
      ("sh -c {GUNICORN_CMD_ARGS=-b:8000 gunicorn a:b}", "0.0.0.0:8000", "'-b :8000'"),
    ]
  )
  func overlaps(command: String, listener: String, mentions: String) throws {
    let plan = try Self.plan(Row(command, at: ""))
    let own = try ListenAddress(listener)
    let error = #expect(throws: CommandFailure.self) { try plan.refuseOverlap(with: [own]) }
    let failure = try #require(error)
    #expect(failure.status == .usage)
    #expect(failure.lines[0].contains(mentions), "\(failure.lines)")
  }

  @Test(
    "commands with other addresses are not refused",
    arguments: [
      ("gunicorn a:b", "0.0.0.0:8000"), ("uvicorn --port 8000 a:b", "0.0.0.0:8000"),
      ("gunicorn --bind :8001 a:b", "0.0.0.0:8000"), ("node server.js", "0.0.0.0:8000"),
      ("gunicorn --bind 127.0.0.2:8000 a:b", "127.0.0.1:8000"),
    ]
  )
  func standsBeside(command: String, listener: String) throws {
    try Self.plan(Row(command, at: "")).refuseOverlap(with: [try ListenAddress(listener)])
  }
}
