/// Checks of the values in configurations, which come from files as often as from code.
enum ValueCheck {
  /// Throws unless `value` is in `range`.
  static func number(
    _ value: Int,
    _ range: ClosedRange<Int>,
    _ name: String
  ) throws(StaticServerError) {
    guard range.contains(value) else {
      let text = "is \(value), and must be from \(range.lowerBound) to \(range.upperBound)"
      throw .invalid(name, text)
    }
  }

  /// Throws unless `time` is from 1 ms to 24 hours, or 0 if that is allowed.
  static func time(
    _ time: Duration,
    orZero: Bool = false,
    _ name: String
  ) throws(StaticServerError) {
    let range: ClosedRange<Duration> = .milliseconds(1)...(.seconds(86400))
    guard range.contains(time) || (orZero && time == .zero) else {
      let least = orZero ? "0" : "1 ms"
      throw .invalid(name, "is \(time), and must be from \(least) to 86400 seconds")
    }
  }

  /// Throws unless `address` has a form that the system knows.
  static func address(_ address: ListenAddress, _ name: String) throws(StaticServerError) {
    switch address {
    case .ipv4, .inherited: return
    case .ipv6(let bytes, _): try byteCount(bytes, [16], name)
    case .unix(let path): try socketPath(path, name)
    }
  }

  /// Throws unless `address` has a form that the system knows.
  static func address(_ address: UpstreamAddress, _ name: String) throws(StaticServerError) {
    switch address {
    case .tcp(let bytes, _): try byteCount(bytes, [4, 16], name)
    case .unix(let path): try socketPath(path, name)
    }
  }

  private static func byteCount(
    _ bytes: [UInt8],
    _ counts: [Int],
    _ name: String
  ) throws(StaticServerError) {
    guard counts.contains(bytes.count) else {
      throw .invalid(name, "has an IP address of \(bytes.count) bytes; IPv4 has 4, IPv6 has 16")
    }
  }

  private static func socketPath(_ path: String, _ name: String) throws(StaticServerError) {
    guard SocketAddress.isPath(path) else {
      let range = "1 to \(SocketAddress.pathBytesMax) bytes, none of them NUL"
      throw .invalid(name, "has the socket path '\(path)', which must have \(range)")
    }
  }

  /// Throws unless `host` can stand in `Location` as a host with an optional port.
  static func host(_ host: String, _ name: String) throws(StaticServerError) {
    guard ForwardingPolicy.isHost(host) else {
      throw .invalid(name, "is \(host.debugDescription), and must be a host with an optional port")
    }
  }

  /// Throws unless `path` begins and ends with a slash.
  static func path(_ path: String, _ name: String) throws(StaticServerError) {
    guard path.hasPrefix("/"), path.hasSuffix("/") else {
      throw .invalid(name, "has '\(path)', which must begin and end with a slash")
    }
  }
}

extension Duration {
  /// Whole milliseconds; a fraction is rounded up.
  var milliseconds: Int64 {
    let (seconds, attoseconds) = components
    let rest = (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
    let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1000)
    return overflow ? .max : whole + rest
  }
}
