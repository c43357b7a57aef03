internal import StaticServer

/// The command `staticd serve`.
struct ServeCommand: BlockingCommand {
  private let options: ServingOptions

  init(_ arguments: MergedArguments, _ projects: ProjectAnswers) {
    options = ServingOptions(arguments)
  }

  func run() throws -> Int32 {
    Notice.setFormat(options.arguments)
    Console.beginServing()
    try ServingProcess(options).run()
    return 0
  }

  func check() throws {
    var mistakes = Mistakes()
    try mistakes.reading { try options.check() }
    try mistakes.reading { _ = try options.refusingOverlap() }
    try mistakes.refuse()
  }
}

extension ServingOptions {
  /// Returns these options; throws if an app has an address of this server.
  func refusingOverlap() throws -> ServingOptions {
    try forwarding.refuseOverlap(with: try addresses() + adminAddresses())
    return self
  }
}
