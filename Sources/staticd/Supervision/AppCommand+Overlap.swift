internal import StaticServer

/// Refuses an app that would listen at an address of the server.
extension AppCommand {
  /// Throws a `CommandFailure` if the app and a server with `listeners` would share an address: the
  /// server would forward to itself.
  ///
  /// The address of `--upstream` is left to `ForwardingOptions.refuseOverlap(with:)`.
  func refuseOverlap(with listeners: [ListenAddress]) throws {
    for bind in binds {
      guard let own = AddressOverlap.first(of: listeners, bind.address) else { continue }
      throw CommandFailure(.usage, message(bind, own))
    }
  }

  private func message(_ bind: AppBind, _ own: ListenAddress) -> String {
    let server = invocation.server
    let place = "\(bind.address), where staticd listens itself (\(own))"
    guard !bind.words.isEmpty else {
      return "the app listens at \(place); write '\(server?.remedy ?? "--upstream")'"
    }
    let isOurs = server?.listensAtSockets == true ? "a private socket" : "a private port"
    return "the app is told by '\(bind.words)' to listen at \(place); leave that out, and "
      + "\(server?.title ?? "it") gets \(isOurs)"
  }
}
