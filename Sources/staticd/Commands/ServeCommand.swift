internal import StaticServer

/// The command `staticd serve`.
struct ServeCommand: BlockingCommand {
  private let arguments: MergedArguments
  private let options: ServingOptions

  init(_ arguments: MergedArguments, _ projects: ProjectAnswers) {
    self.arguments = arguments
    options = ServingOptions(arguments)
  }

  func run() throws -> Int32 {
    let signals = try ProcessSignals.block()
    try refuseOverlap()
    let site = try ServingSite(options, try options.serverConfiguration())
    wait: while true {
      switch signals.wait(seconds: 1, or: site.watchDescriptor) {
      case .stop: break wait
      case .reload: site.reloadAll()
      case .readable: site.reload()
      case nil: site.followReleases()
      }
    }
    // A second signal ends the process at once.
    signals.unblockStop()
    site.stop()
    return 0
  }

  func check() throws {
    var mistakes = Mistakes()
    try mistakes.reading { try options.check() }
    try mistakes.reading { try refuseOverlap() }
    try mistakes.refuse()
  }

  private func refuseOverlap() throws {
    for upstream in try options.forwarding.upstreams() {
      try AppCommand.refuseOverlap(upstream.address, with: try options.addresses())
    }
  }
}
