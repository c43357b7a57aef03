internal import Glibc
internal import StaticServer

/// A TCP socket that is listened at. proc(5): /proc/net/tcp
struct ListeningSocket: Equatable {
  let address: ListenAddress
  /// The number by which processes have it, in `/proc/PID/fd`.
  let inode: UInt64

  /// The sockets that processes of `family` listen at.
  static func all(of family: Set<Int32>) -> [ListeningSocket] {
    let inodes = family.reduce(into: Set<UInt64>()) { $0.formUnion(socketInodes(of: $1)) }
    let tables = ["/proc/net/tcp", "/proc/net/tcp6"].compactMap { ProcessTable.contents($0) }
    return tables.flatMap { parse(String(decoding: $0, as: UTF8.self)) }
      .filter { inodes.contains($0.inode) }
  }

  /// Reads a table: a line of names, then one line for each socket.
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

  /// `0100007F:1F40`: 32-bit words in the order of the machine, then the port.
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
      var target = [CChar](repeating: 0, count: 64)
      let count = unsafe readlink("\(path)/\(name)", &target, target.count)
      guard count > 0 else { return nil }
      let text = String(decoding: target.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self)
      // socket:[12345]
      return text.hasPrefix("socket:[") ? UInt64(text.dropFirst(8).dropLast()) : nil
    }
  }
}
