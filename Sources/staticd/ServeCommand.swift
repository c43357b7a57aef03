internal import ArgumentParser
internal import StaticServer

/// The command `staticd serve`.
struct ServeCommand: ParsableCommand, OptionChecking {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Serve directories of static files over HTTP.",
    discussion: """
      Serves what 'staticd collect' (or Django's collectstatic) left in the root, and public \
      directories as they are: hashed names with a far-future Cache-Control, brotli, gzip and zstd \
      to clients that want them. SIGHUP, or a new release in the root, serves what is there now. \
      SIGTERM finishes the requests in flight and ends. With --upstream, requests for no file go to \
      the app that listens there. A GLOB fits the path below its directory; \
      '*' and '?' match slashes too.
      """
  )

  @OptionGroup var options: ServingOptions

  @OptionGroup var configurationFile: ConfigurationOptions

  func run() throws {
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
  }

  func checkOptions() throws {
    try options.check()
    try refuseOverlap()
  }

  private func refuseOverlap() throws {
    guard let upstream = try options.forwarding.address() else { return }
    try AppCommand.refuseOverlap(upstream, with: try options.addresses())
  }
}
