internal import Glibc
internal import StaticServer

/// Finds addresses that collide: a server that would forward to itself, or two programs of which
/// only one can bind the address.
enum AddressOverlap {
  /// Whether an app that listens at `app` collides with a server that listens at `own`.
  ///
  /// - Parameters:
  ///   - own: where the server listens.
  ///   - app: where the app listens; `[::]` includes IPv4, for both.
  ///   - isOfThisMachine: whether an address, of 4 or 16 bytes, belongs to this machine.
  static func exists(
    _ own: ListenAddress,
    _ app: ListenAddress,
    isOfThisMachine: ([UInt8]) -> Bool
  ) -> Bool {
    if case .unix(let own) = own, case .unix(let app) = app { return own == app }
    guard let (ownHost, ownPort) = tcp(own), let (appHost, appPort) = tcp(app),
      ownPort == appPort, ownPort != 0
    else { return false }
    if isAny(appHost) {
      return appHost.count == 16 || ownHost.count == 4 || isAny(ownHost)
    }
    guard ownHost.count == appHost.count || isAny(ownHost) && ownHost.count == 16 else {
      return false
    }
    return isAny(ownHost) ? isOfThisMachine(appHost) : ownHost == appHost
  }

  /// The address among `listeners` that collides with `app`; nil for none.
  static func first(of listeners: [ListenAddress], _ app: ListenAddress) -> ListenAddress? {
    listeners.first { own in
      if own.leavesIPv4(to: listeners), isIPv4(app) { return false }
      return exists(resolved(own), resolved(app), isOfThisMachine: LocalAddress.exists)
    }
  }

  /// The address as bytes, IPv4-mapped IPv6 as IPv4; nil if it is not TCP.
  private static func tcp(_ address: ListenAddress) -> (host: [UInt8], port: UInt16)? {
    switch address {
    case .ipv4(let host, let port):
      return ([24, 16, 8, 0].map { UInt8(truncatingIfNeeded: host >> UInt32($0)) }, port)
    case .ipv6(let bytes, let port):
      let isMapped = bytes.prefix(12) == [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff]
      return (isMapped ? Array(bytes.suffix(4)) : bytes, port)
    case .unix, .inherited: return nil
    }
  }

  private static func isIPv4(_ address: ListenAddress) -> Bool { tcp(address)?.host.count == 4 }

  private static func isAny(_ host: [UInt8]) -> Bool { host.allSatisfy { $0 == 0 } }

  /// The address with the links of its directory resolved, or that of an inherited socket.
  /// realpath(3)
  private static func resolved(_ address: ListenAddress) -> ListenAddress {
    switch address {
    case .inherited(let descriptor): return LocalAddress.bound(to: descriptor) ?? address
    case .unix(let path):
      let slash = path.lastIndex(of: "/")
      let directory = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
      guard let real = unsafe realpath(directory, nil) else { return address }
      defer { unsafe free(real) }
      let name = slash.map { path[path.index(after: $0)...] } ?? path[...]
      return .unix(path: unsafe "\(String(cString: real))/\(name)")
    case .ipv4, .ipv6: return address
    }
  }
}

extension UpstreamAddress {
  /// The same address to listen at.
  var listenAddress: ListenAddress {
    switch self {
    case .unix(let path): .unix(path: path)
    case .tcp(let bytes, let port) where bytes.count == 4:
      .ipv4(bytes.reduce(0) { $0 << 8 | UInt32($1) }, port: port)
    case .tcp(let bytes, let port): .ipv6(bytes, port: port)
    }
  }
}
