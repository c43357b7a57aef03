/// An address that a server listens at.
public enum ListenAddress: Equatable, Sendable, CustomStringConvertible {
  /// A TCP port of an IPv4 address, most significant byte first.
  case ipv4(UInt32, port: UInt16)
  /// A TCP port of an IPv6 address, 16 bytes in network order.
  case ipv6([UInt8], port: UInt16)
  /// A Unix domain socket at a path.
  case unix(path: String)
  /// A listening socket that the process inherited, by its descriptor.
  case inherited(descriptor: Int32)

  /// The error of an invalid address: one sentence with the remedy.
  public struct Malformed: Error, Equatable, CustomStringConvertible {
    /// The sentence.
    public let description: String
  }

  /// Reads `127.0.0.1:8000`, `[::1]:8000`, `localhost:8000`, `:8000` (every IPv4 address of this
  /// machine), `unix:PATH` or `fd:N`.
  ///
  /// Host names other than `localhost` are refused: their addresses can change while a server runs.
  ///
  /// - Throws: `Malformed` for any other text.
  public init(_ text: String) throws(Malformed) {
    if let path = text.strippingPrefix("unix:") {
      guard SocketAddress.isPath(path) else {
        throw Malformed(
          description: "'\(text)': a socket path has 1 to \(SocketAddress.pathBytesMax) bytes"
        )
      }
      self = .unix(path: path)
    } else if let number = text.strippingPrefix("fd:") {
      guard let descriptor = Int32(number), descriptor >= 0 else {
        throw Malformed(description: "'\(text)': fd: takes the number of an open socket")
      }
      self = .inherited(descriptor: descriptor)
    } else {
      try self.init(tcp: text)
    }
  }

  private init(tcp text: String) throws(Malformed) {
    guard let colon = text.lastIndex(of: ":"),
      text[text.index(after: colon)...].utf8.allSatisfy({ $0 &- UInt8(ascii: "0") < 10 }),
      let port = UInt16(text[text.index(after: colon)...])
    else {
      throw Malformed(
        description: "'\(text)' is no address: give HOST:PORT, :PORT, unix:PATH or fd:N"
      )
    }
    let host = String(text[..<colon])
    if host.hasPrefix("["), host.hasSuffix("]"),
      let bytes = SocketAddress.ipv6(String(host.dropFirst().dropLast()))
    {
      self = .ipv6(bytes, port: port)
    } else if let address = Self.ipv4(host) {
      self = .ipv4(address, port: port)
    } else {
      throw Malformed(
        description: "'\(host)' is no numeric address: give one such as 127.0.0.1 or [::1]"
      )
    }
  }

  private static func ipv4(_ host: String) -> UInt32? {
    if host.isEmpty { return 0 }
    if host == "localhost" { return 0x7F00_0001 }
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 4 else { return nil }
    var address: UInt32 = 0
    for part in parts {
      guard part.allSatisfy(\.isNumber), let byte = UInt8(part) else { return nil }
      address = address << 8 | UInt32(byte)
    }
    return address
  }

  /// Whether this is `[::]` and one of `listeners` has its port with IPv4: it is then limited to
  /// IPv6.
  ///
  /// Otherwise `[::]` includes both.
  package func leavesIPv4(to listeners: [ListenAddress]) -> Bool {
    guard case .ipv6(let bytes, let port) = self, bytes.allSatisfy({ $0 == 0 }) else {
      return false
    }
    return listeners.contains { other in
      if case .ipv4(_, port) = other { return port != 0 }
      return false
    }
  }

  /// The address in the syntax of the command line.
  public var description: String {
    switch self {
    case .ipv4(let address, let port):
      "\(address >> 24).\(address >> 16 & 255).\(address >> 8 & 255).\(address & 255):\(port)"
    case .ipv6(let bytes, let port): "[\(SocketAddress.text(ipv6: bytes))]:\(port)"
    case .unix(let path): "unix:\(path)"
    case .inherited(let descriptor): "fd:\(descriptor)"
    }
  }
}

extension String {
  fileprivate func strippingPrefix(_ prefix: String) -> String? {
    hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil
  }
}
