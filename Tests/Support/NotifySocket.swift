import Foundation

/// The notification socket of a service manager, and its messages. sd_notify(3)
public final class NotifySocket {
  /// The value of `NOTIFY_SOCKET`.
  public let name: String
  /// All messages so far, in order; each is several lines.
  public private(set) var messages: [String] = []

  private let socket: Int32
  private let directory = TemporaryDirectory()

  /// Listens at a path, or at an abstract name.
  public init(isAbstract: Bool = false) {
    name = isAbstract ? "@staticd-test-\(UUID().uuidString)" : directory.path("notify")
    socket = Foundation.socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    var bytes = Array(name.utf8)
    if isAbstract { bytes[0] = 0 }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    let size = socklen_t(2 + bytes.count + (isAbstract ? 0 : 1))
    let result = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(socket, $0, size) }
    }
    precondition(result == 0)
  }

  deinit {
    close(socket)
  }

  /// Reads the messages that have arrived.
  public func read() {
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = recv(socket, &buffer, buffer.count, Int32(MSG_DONTWAIT))
      guard count > 0 else { return }
      messages.append(String(decoding: buffer.prefix(count), as: UTF8.self))
    }
  }

  /// Waits until `count` messages in all have the line `line`; returns whether they do.
  public func hears(_ line: String, times count: Int = 1) -> Bool {
    eventually {
      read()
      return lines.count { $0 == line } >= count
    }
  }

  /// The lines of all messages.
  public var lines: [String] { messages.flatMap { $0.components(separatedBy: "\n") } }

  /// The values of all lines `NAME=…`.
  public func values(_ name: String) -> [String] {
    lines.filter { $0.hasPrefix("\(name)=") }.map { String($0.dropFirst(name.count + 1)) }
  }
}
