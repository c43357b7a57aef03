internal import StaticServer

/// The message about an app that does not listen where requests are sent.
enum AppHint {
  /// Seconds until a message that the app listens elsewhere, and until one that it does not listen.
  static let secondsUntilFound = 5
  static let secondsUntilMissed = 10

  /// The message; nil if there is none yet.
  ///
  /// - Parameters:
  ///   - seconds: the time since the app's start.
  ///   - listening: where the app's processes listen.
  static func line(
    seconds: Int,
    _ app: AppCommand,
    listening: [ListenAddress]
  ) -> String? {
    // The app may listen where it should, and be too busy to accept.
    let others = listening.filter { UpstreamAddress($0) != app.address }
    if let found = others.first, others.count == listening.count, seconds >= secondsUntilFound {
      let upstream = UpstreamAddress(found)
      return
        "the app listens at \(found), and requests are sent to \(app.address); give --upstream "
        + "\(upstream), or \(remedy(app))"
    }
    guard seconds >= secondsUntilMissed else { return nil }
    return "the app does not listen at \(app.address) after \(seconds) s; if it will listen "
      + "elsewhere, say where with --upstream, or \(remedy(app))"
  }

  private static func remedy(_ app: AppCommand) -> String {
    if let server = app.invocation.server {
      // For a script that starts gunicorn, and for a server with its own configuration.
      return "have it listen there, as by '\(server.remedy)'"
    }
    let isPython = app.arguments.contains {
      $0.hasSuffix(".py") || ($0.split(separator: "/").last ?? "").hasPrefix("python")
    }
    return isPython
      ? "have it listen at the port in PORT: uvicorn.run(app, port=int(os.environ[\"PORT\"]))"
      : "have it listen at 127.0.0.1, at the port in PORT"
  }
}

extension UpstreamAddress {
  /// The address to connect to for a listener at `address`.
  init(_ address: ListenAddress) {
    switch address {
    case .unix(let path): self = .unix(path: path)
    case .ipv4(let host, let port):
      let host = host == 0 ? 0x7F00_0001 : host
      let bytes = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: host >> UInt32($0)) }
      self = .tcp(address: bytes, port: port)
    case .ipv6(let bytes, let port):
      let isAny = bytes.allSatisfy { $0 == 0 }
      self = .tcp(address: isAny ? bytes.dropLast() + [1] : bytes, port: port)
    case .inherited: preconditionFailure("an inherited socket has no address to connect to")
    }
  }
}
