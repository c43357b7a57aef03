internal import CLinux
internal import Glibc
internal import StaticServer

/// The addresses of `--listen`, host names resolved.
enum ListenNames {
  /// The addresses that `text` stands for: one, or all addresses of a host name in resolver order.
  ///
  /// `localhost` is 127.0.0.1 only: ::1 would require the same port on IPv6, which containers often
  /// lack.
  ///
  /// - Throws: `CommandFailure` for a malformed address, and for a name that does not resolve;
  ///   `place` is the option and its origin, for the message.
  static func addresses(_ text: String, _ place: String) throws -> [ListenAddress] {
    do throws(ListenAddress.Malformed) {
      return [try ListenAddress(text)]
    } catch {
      guard let (host, port) = name(text) else { throw CommandFailure(.usage, "\(place) \(error)") }
      return try resolve(host, port, "\(place) '\(text)'")
    }
  }

  /// Whether `text` is a host name and a port above 0.
  static func isName(_ text: String) -> Bool {
    name(text).flatMap { UInt16($0.port) }.map { $0 > 0 } ?? false
  }

  /// Host name and port; nil if `text` is something else.
  ///
  /// Labels consist of letters, digits, hyphens and underscores; the last one is not a number.
  private static func name(_ text: String) -> (host: String, port: String)? {
    guard let colon = text.lastIndex(of: ":") else { return nil }
    let (host, port) = (text[..<colon], text[text.index(after: colon)...])
    let labels = host.split(separator: ".", omittingEmptySubsequences: false)
    let rest = labels.last == "" ? labels.dropLast() : labels[...]
    guard !rest.isEmpty, rest.allSatisfy(isLabel), host.utf8.count <= 253,
      let last = rest.last, !last.allSatisfy(\.isNumber), UInt16(port) != nil,
      port.utf8.allSatisfy({ $0 &- UInt8(ascii: "0") < 10 })
    else { return nil }
    return (String(host), String(port))
  }

  private static func isLabel(_ label: Substring) -> Bool {
    !label.isEmpty && label.utf8.count <= 63
      && label.utf8.allSatisfy { byte in
        byte &- UInt8(ascii: "0") < 10 || (byte | 0x20) &- UInt8(ascii: "a") < 26
          || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
      }
  }

  /// The addresses of `host`, in resolver order. getaddrinfo(3)
  private static func resolve(
    _ host: String,
    _ port: String,
    _ place: String
  ) throws -> [ListenAddress] {
    var hints = unsafe addrinfo()
    unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    unsafe hints.ai_flags = AI_PASSIVE | AI_ADDRCONFIG | AI_NUMERICSERV
    var first: UnsafeMutablePointer<addrinfo>?
    let code = unsafe getaddrinfo(host, port, &hints, &first)
    guard code == 0 else {
      let reason = unsafe String(cString: gai_strerror(code))
      throw CommandFailure(
        .usage,
        "\(place): the name '\(host)' has no address (\(reason)); give one that has, or an address"
      )
    }
    defer { unsafe freeaddrinfo(first) }
    var addresses: [ListenAddress] = []
    var entry = unsafe first
    while let found = unsafe entry {
      let bytes = unsafe Array(
        UnsafeRawBufferPointer(
          start: found.pointee.ai_addr,
          count: Int(found.pointee.ai_addrlen)
        )
      )
      let family = unsafe found.pointee.ai_family
      if let address = LocalAddress.address(bytes, family: family), !addresses.contains(address) {
        addresses.append(address)
      }
      unsafe entry = found.pointee.ai_next
    }
    guard !addresses.isEmpty else {
      throw CommandFailure(.usage, "\(place): the name '\(host)' has no address of TCP")
    }
    return addresses
  }
}
