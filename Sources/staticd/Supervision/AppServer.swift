/// A known app server, which can be given an address to listen at.
enum AppServer: CaseIterable {
  case gunicorn, uvicorn, hypercorn, granian, daphne, uwsgi, waitress, flask, fastapi, puma, thin
  /// Django's development server.
  case runserver

  /// The size in bytes of the server's first read of a connection; 0 if it is unknown.
  ///
  /// gunicorn: `gunicorn/http/unreader.py`, 8192.
  var firstReadByteCount: Int { self == .gunicorn ? 8192 : 0 }

  /// The meaning of an option's value.
  enum Meaning {
    /// Host and port, a socket's path or a file descriptor, in the server's notation.
    case address
    case host, port
    /// A Unix socket's path.
    case socket
    /// An endpoint description of Twisted, such as `tcp:port=8001`.
    case endpoint
    /// Something that cannot be connected to, such as an inherited file descriptor or TLS.
    case unusable
  }

  /// The names of its program and of its Python module.
  var names: [String] {
    switch self {
    case .gunicorn: ["gunicorn", "gunicorn.app.wsgiapp"]
    case .uvicorn: ["uvicorn"]
    case .hypercorn: ["hypercorn"]
    case .granian: ["granian"]
    case .daphne: ["daphne", "daphne.cli"]
    case .uwsgi: ["uwsgi", "pyuwsgi"]
    case .waitress: ["waitress-serve", "waitress"]
    case .flask: ["flask"]
    case .fastapi: ["fastapi"]
    case .puma: ["puma"]
    case .thin: ["thin"]
    case .runserver: ["runserver", "runserver_plus"]
    }
  }

  /// The subcommands of which one must follow the name; empty for none.
  var subcommands: [String] {
    switch self {
    case .flask: ["run"]
    case .fastapi: ["run", "dev"]
    default: []
    }
  }

  /// Its name in messages.
  var title: String { names[0] }

  /// The options for the addresses at which it listens.
  var listenOptions: [(option: CommandOptions.Option, meaning: Meaning)] {
    switch self {
    case .gunicorn: [(Self.gunicornBind, .address)]
    case .uvicorn: [(.init("--uds"), .socket), (.init("--fd"), .unusable)]
    case .hypercorn:
      [(.init("-b", "--bind", shortest: "--bi"), .address), (Self.insecureBind, .address)]
    case .granian:
      [
        (.init("--uds"), .socket), (.init("--fd"), .unusable), (.init("--host"), .host),
        (.init("--port"), .port),
      ]
    case .daphne:
      [
        (.init("-u", "--unix-socket", shortest: "--u"), .socket), (.init("--fd"), .unusable),
        (.init("-b", "--bind", shortest: "--b"), .host),
        (.init("-p", "--port", shortest: "--po"), .port),
        (.init("-e", "--endpoint", shortest: "--e"), .endpoint),
      ]
    case .uwsgi:
      [
        (.init("--http-socket"), .address), (.init("--http11-socket"), .address),
        (.init("--http"), .address), (.init("--https"), .unusable),
        (.init("--https-socket"), .unusable),
      ]
    case .waitress:
      [
        (.init("--listen"), .address), (.init("--unix-socket"), .socket), (.init("--host"), .host),
        (.init("--port"), .port),
      ]
    case .flask: [(.init("-h", "--host"), .host), (.init("-p", "--port"), .port)]
    case .fastapi: [(.init("--host"), .host), (.init("--port"), .port)]
    case .puma:
      [(.init("-b", "--bind"), .address), (.init("-p", "--port"), .port)]
    case .thin:
      [
        (.init("-S", "--socket"), .socket), (.init("-a", "--address"), .host),
        (.init("-p", "--port"), .port),
      ]
    case .runserver: []
    }
  }

  /// `--bind` of gunicorn.
  static let gunicornBind = CommandOptions.Option("-b", "--bind", shortest: "--bi")

  /// `--insecure-bind` of hypercorn: an address without TLS beside those with TLS.
  static let insecureBind = CommandOptions.Option("--insecure-bind", shortest: "--i")

  /// Its default host and port.
  var standard: (host: String, port: UInt16) {
    switch self {
    case .gunicorn, .uvicorn, .hypercorn, .granian, .daphne, .uwsgi, .runserver:
      ("127.0.0.1", 8000)
    case .waitress: ("0.0.0.0", 8080)
    case .flask: ("127.0.0.1", 5000)
    case .fastapi: ("0.0.0.0", 8000)
    case .puma: ("0.0.0.0", 9292)
    case .thin: ("0.0.0.0", 3000)
    }
  }
}
