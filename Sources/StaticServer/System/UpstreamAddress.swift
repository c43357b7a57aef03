internal import CLinux

/// The address of the app that requests are forwarded to.
public enum UpstreamAddress: Equatable, Sendable, CustomStringConvertible {
  /// A Unix domain socket at a path.
  case unix(path: String)
  /// A TCP port of an IPv4 (4 bytes) or IPv6 (16 bytes) address, in network order.
  case tcp(address: [UInt8], port: UInt16)

  /// Reads `unix:PATH`, `127.0.0.1:8000`, `[::1]:8000`, `localhost:8000` or `:8000` (127.0.0.1).
  ///
  /// Host names other than `localhost` are refused: their addresses can change while a server runs.
  ///
  /// - Throws: `ListenAddress.Malformed` for any other text, and for port 0.
  public init(_ text: String) throws(ListenAddress.Malformed) {
    let address: ListenAddress
    do throws(ListenAddress.Malformed) {
      address = try ListenAddress(text)
    } catch {
      throw ListenAddress.Malformed(
        description: "'\(text)' is no app's address: give unix:PATH or a numeric HOST:PORT"
      )
    }
    switch address {
    case .unix(let path):
      self = .unix(path: path)
    case .ipv4(let host, let port) where port > 0:
      // 0.0.0.0 is a valid address for bind only; connect to 127.0.0.1 instead.
      let host = host == 0 ? 0x7F00_0001 : host
      let bytes = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: host >> UInt32($0)) }
      self = .tcp(address: bytes, port: port)
    case .ipv6(let bytes, let port) where port > 0:
      self = .tcp(address: bytes, port: port)
    case .ipv4, .ipv6, .inherited:
      throw ListenAddress.Malformed(
        description: "'\(text)' is no app's address: give unix:PATH or HOST:PORT, the port above 0"
      )
    }
  }

  /// Whether the address is on this machine: a Unix socket, 127.0.0.0/8 or ::1.
  var isLocal: Bool {
    switch self {
    case .unix: true
    case .tcp(let address, _) where address.count == 4: address[0] == 127
    case .tcp(let address, _): address == Array(repeating: 0, count: 15) + [1]
    }
  }

  /// The address in the syntax of the command line.
  public var description: String {
    switch self {
    case .unix(let path): "unix:\(path)"
    case .tcp(let bytes, let port):
      if bytes.count == 4 {
        "\(bytes.map { String($0) }.joined(separator: ".")):\(port)"
      } else {
        "[\(SocketAddress.text(ipv6: bytes))]:\(port)"
      }
    }
  }

  /// Starts a connection. connect(2)
  ///
  /// Returns a descriptor that is connected or connecting, or a negative error number; -EAGAIN if
  /// the backlog of a Unix socket is full.
  func connect() -> Int {
    switch self {
    case .unix(let path): unsafe clinux_connect_unix(path)
    case .tcp(let bytes, let port):
      unsafe clinux_connect_tcp(bytes, bytes.count, UInt32(port))
    }
  }
}
