internal import Glibc
internal import StaticServer

/// A socket that is listening. proc(5): /proc/PID/net/tcp
struct ListeningSocket: Equatable {
  let address: ListenAddress
  /// Its inode, which identifies it in `/proc/PID/fd`.
  let inode: UInt64

  /// The sockets at which the processes of `family` listen: TCP first, then Unix sockets.
  static func all(of family: Set<Int32>) -> [ListeningSocket] {
    var owners: [UInt64: Int32] = [:]
    for number in family {
      for inode in socketInodes(of: number) { owners[inode] = number }
    }
    // Services with `ProcSubset=pid` have no `/proc/net`.
    let tcp = ["tcp", "tcp6"].flatMap { parse(table($0)) }
    let unix = parseUnix(table("unix")) { inode in
      owners[inode].flatMap { target(of: "/proc/\($0)/cwd") }
    }
    return (tcp + unix).filter { owners[$0.inode] != nil }
  }

  private static func table(_ name: String) -> String {
    String(decoding: ProcessTable.contents("/proc/self/net/\(name)") ?? [], as: UTF8.self)
  }

  /// Parses a table: a header line, then one line for each socket.
  static func parse(_ table: String) -> [ListeningSocket] {
    table.split(separator: "\n").dropFirst().compactMap { line in
      let fields = line.split(separator: " ")
      // 0A is TCP_LISTEN.
      guard fields.count > 9, fields[3] == "0A", let inode = UInt64(fields[9]),
        let address = readAddress(fields[1])
      else { return nil }
      return ListeningSocket(address: address, inode: inode)
    }
  }

  /// `0100007F:1F40`: 32-bit words in host byte order, then the port.
  private static func readAddress(_ text: Substring) -> ListenAddress? {
    let parts = text.split(separator: ":")
    guard parts.count == 2, let port = UInt16(parts[1], radix: 16) else { return nil }
    var words: [UInt32] = []
    var rest = parts[0]
    while !rest.isEmpty {
      guard let word = UInt32(rest.prefix(8), radix: 16) else { return nil }
      words.append(UInt32(bigEndian: word))
      rest = rest.dropFirst(8)
    }
    switch words.count {
    case 1: return .ipv4(words[0], port: port)
    case 4:
      let bytes = words.flatMap { word in
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: word >> UInt32($0)) }
      }
      return .ipv6(bytes, port: port)
    default: return nil
    }
  }

  private static func socketInodes(of number: Int32) -> [UInt64] {
    let path = "/proc/\(number)/fd"
    return ProcessTable.names(in: path).compactMap { name in
      guard let text = target(of: "\(path)/\(name)") else { return nil }
      // socket:[12345]
      return text.hasPrefix("socket:[") ? UInt64(text.dropFirst(8).dropLast()) : nil
    }
  }

  /// The target of a symbolic link in /proc.
  private static func target(of path: String) -> String? {
    var target = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = unsafe readlink(path, &target, target.count)
    guard count > 0 else { return nil }
    return String(decoding: target.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
