/// Options and variables of a server, except for those of its address.
extension AppServer {
  /// Its short options without a value, which argparse, click or getopt allow to combine.
  var switches: String {
    switch self {
    case .gunicorn: "hvDR"
    case .hypercorn, .daphne: "h"
    case .uwsgi: "MmiLTh"
    case .puma: "qsvVh"
    case .thin: "dDVqvh"
    case .runserver: "6h"
    case .uvicorn, .granian, .waitress, .flask, .fastapi: ""
    }
  }

  /// The option that changes its directory before it opens a socket.
  var directoryOption: CommandOptions.Option? {
    switch self {
    case .gunicorn: .init("--chdir", shortest: "--chd")
    case .granian: .init("--working-dir")
    case .thin: .init("-c", "--chdir")
    case .puma: .init("--dir")
    default: nil
    }
  }

  /// The prefix of the environment variables for its options; nil if there are none.
  ///
  /// Sources: click, `auto_envvar_prefix`; uWSGI, `uwsgi_opt_load` of its environment.
  private var variablePrefix: String? {
    switch self {
    case .uvicorn: "UVICORN_"
    case .granian: "GRANIAN_"
    case .flask: "FLASK_RUN_"
    case .uwsgi: "UWSGI_"
    default: nil
    }
  }

  /// `variable`, which stands for the long option `option`.
  private func variable(of option: CommandOptions.Option) -> String? {
    variablePrefix.map { prefix in
      prefix
        + option.long.drop { $0 == "-" }.uppercased().split(separator: "-").joined(separator: "_")
    }
  }

  /// The values of variables as options, for servers other than gunicorn.
  ///
  /// - Parameters:
  ///   - options: the options to look for.
  ///   - read: the value of a variable.
  func words(of options: [CommandOptions.Option], _ read: (String) -> String?) -> [String] {
    options.compactMap { option in
      variable(of: option).flatMap(read).flatMap { $0.isEmpty ? nil : "\(option.long)=\($0)" }
    }
  }

  /// Its options for TLS.
  private var tlsOptions: [CommandOptions.Option] {
    switch self {
    case .gunicorn:
      [.init("--certfile", shortest: "--certf"), .init("--keyfile", shortest: "--key")]
    case .hypercorn: [.init("--certfile", shortest: "--certf"), .init("--keyfile")]
    case .uvicorn: [.init("--ssl-keyfile"), .init("--ssl-certfile")]
    case .granian: [.init("--ssl-certificate"), .init("--ssl-keyfile")]
    case .flask: [.init("--cert"), .init("--key")]
    case .runserver:
      [
        .init("--cert", shortest: "--cer"), .init("--cert-file"), .init("--key-file"),
      ]
    // For these, only the address can select TLS.
    case .daphne, .uwsgi, .puma, .waitress, .fastapi, .thin: []
    }
  }

  /// The words in `options` that select TLS; empty for none.
  func tlsWords(_ options: CommandOptions) -> [String] {
    let found = tlsOptions.flatMap { options.all($0) }.map { "\($0.spelling) \($0.value)" }
    // hypercorn needs both options.
    return self == .hypercorn && found.count < 2 ? [] : found
  }

  /// Throws a `CommandFailure` if the server is configured for TLS: requests are sent to it
  /// without.
  ///
  /// - Parameters:
  ///   - arguments: the words after its name.
  ///   - read: the value of a variable as the server finds it.
  func refuseTLS(_ arguments: [String], _ read: (String) -> String?) throws {
    let told = CommandOptions(arguments, switches: switches)
    if self == .hypercorn, told.last(Self.insecureBind) != nil { return }
    try refuse(tlsWords(told), "")
    try refuse(tlsWords(CommandOptions(words(of: tlsOptions, read))), " in its variables")
    guard self == .gunicorn else { return }
    let variable = GunicornArguments(read(GunicornArguments.variable))
    try refuse(tlsWords(variable.options), " in \(GunicornArguments.variable)")
  }

  private func refuse(_ words: [String], _ place: String) throws {
    guard let first = words.first else { return }
    throw CommandFailure(
      .usage,
      "\(title) is told by '\(first)'\(place) to answer with TLS, and requests are sent to it "
        + "without; leave that out, and have the proxy in front of staticd end TLS"
    )
  }
}
