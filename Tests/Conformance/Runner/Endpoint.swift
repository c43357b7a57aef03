import Foundation

/// The server under test.
public struct Endpoint: Sendable {
  /// A numeric IPv4 address or `localhost`.
  public let host: String
  public let port: UInt16
  /// The path below which the fixtures are served; begins and ends with a slash.
  public let prefix: String
  /// Seconds after which a silent server counts as not responding.
  ///
  /// Only failing rows wait that long, so the value may be large if none is expected to fail.
  public let patience: Double

  public init(host: String, port: UInt16, prefix: String, patience: Double = 3) {
    self.host = host
    self.port = port
    self.prefix = prefix
    self.patience = patience
  }
}

/// A TCP connection without knowledge of HTTP.
///
/// All calls block; receiving blocks for at most `patience`.
final class Connection {
  /// The maximum time of a receive, in seconds.
  let patience: Double

  private let socket: Int32

  /// - Throws: if the connection is refused.
  init(_ endpoint: Endpoint) throws {
    patience = endpoint.patience
    socket = Foundation.socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    var timeout = timeval(tv_sec: 5, tv_usec: 0)
    let size = socklen_t(MemoryLayout<timeval>.size)
    setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &timeout, size)
    var noDelay: Int32 = 1
    setsockopt(socket, Int32(IPPROTO_TCP), TCP_NODELAY, &noDelay, 4)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = endpoint.port.bigEndian
    address.sin_addr.s_addr = inet_addr(endpoint.host == "localhost" ? "127.0.0.1" : endpoint.host)
    let result = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard result == 0 else {
      throw Violation("cannot connect to \(endpoint.host):\(endpoint.port)")
    }
  }

  deinit {
    close(socket)
  }

  /// Sends all of `bytes`, or as much as the server takes before it closes.
  func send(_ bytes: [UInt8]) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes {
        Foundation.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return }
      rest = rest.dropFirst(count)
    }
  }

  /// Shuts down the client's side.
  func finish() { shutdown(socket, Int32(SHUT_WR)) }

  /// The result of a receive.
  enum Received {
    case bytes([UInt8])
    /// The server closed the connection, cleanly or with an error.
    case end
    case nothing
  }

  /// Waits for bytes until `deadline`.
  func receive(until deadline: Date) -> Received {
    var interest = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
    let wait = max(0, deadline.timeIntervalSinceNow)
    guard poll(&interest, 1, Int32(wait * 1000)) > 0 else { return .nothing }
    var buffer = [UInt8](repeating: 0, count: 65536)
    let count = recv(socket, &buffer, buffer.count, 0)
    return count > 0 ? .bytes(Array(buffer[..<count])) : .end
  }
}
