internal import CLinux
internal import Glibc
internal import StaticAssets

/// The datagrams of a syslog daemon: facility local0, severity informational, tag `staticd`.
///
/// A daemon at a Unix socket gets the form of syslog(3), which every daemon reads there. One in the
/// network gets that of RFC 5424 over UDP (RFC 5426).
struct SyslogDatagram {
  /// Facility local0 (16), severity informational (6).
  private static let priority = 16 * 8 + 6

  private let address: UpstreamAddress
  private let host: String
  private var head: [UInt8] = []

  init(for address: UpstreamAddress) {
    self.address = address
    host = Self.hostName
  }

  /// A socket that is connected to the daemon, or a negative error number. socket(2)
  static func socket(to address: UpstreamAddress) -> Int {
    let family =
      switch address {
      case .unix: AF_UNIX
      case .tcp(let bytes, _): bytes.count == 4 ? AF_INET : AF_INET6
      }
    let type = SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue
    let number = Glibc.socket(family, Int32(type), 0)
    guard number >= 0 else { return -Int(errno) }
    let socket = Descriptor(owning: number)
    let result = SocketAddress.connect(socket.number, to: address)
    return result < 0 ? result : Int(socket.release())
  }

  /// Connects `socket` to the daemon once more: 0 or a negative error number.
  func connect(_ socket: Int32) -> Int { SocketAddress.connect(socket, to: address) }

  /// Sets the time of the following datagrams.
  mutating func update(_ time: LogTime) {
    let text = String(decoding: time.text, as: UTF8.self)
    switch address {
    case .unix:
      head = Array("<\(Self.priority)>\(Self.localTime(time.seconds)) staticd[\(getpid())]: ".utf8)
    case .tcp:
      head = Array("<\(Self.priority)>1 \(text) \(host) staticd \(getpid()) access - ".utf8)
    }
  }

  /// `Nov 21 05:01:16` in local time, as syslog(3) writes it (RFC 3164 §4.1.2). localtime_r(3)
  private static func localTime(_ seconds: Int64) -> String {
    var text = [CChar](repeating: 0, count: 32)
    let count = unsafe clinux_local_time(seconds, &text, text.count)
    return String(decoding: text.prefix(Int(count)).map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  /// Sends `line` without blocking: the bytes sent or a negative error number.
  func send(_ line: UnsafeRawBufferPointer, to socket: Int32) -> Int {
    unsafe head.withUnsafeBytes { head in
      guard let first = head.baseAddress, let second = line.baseAddress else { return 0 }
      return unsafe clinux_send_two(socket, first, head.count, second, line.count)
    }
  }

  /// The name of this machine; `-`, the value for none, if it has a character that is not allowed.
  /// gethostname(2)
  private static var hostName: String {
    var name = [CChar](repeating: 0, count: 256)
    let result = unsafe gethostname(&name, name.count - 1)
    let bytes = name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:))
    guard result == 0, !bytes.isEmpty, bytes.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
      return "-"
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
