internal import StaticAssets

/// Fields that are for the next hop alone.
///
/// Source: RFC 9110 §7.6.1.
enum HopByHop {
  /// Whether a request's field ends here; `Host`, `Expect` and the framing are written anew.
  static func isForRequest(_ name: ByteSlice, _ bytes: Span<UInt8>) -> Bool {
    switch name.count {
    case 4: bytes.spells("host", in: name)
    case 6: bytes.spells("expect", in: name)
    case 14: bytes.spells("content-length", in: name)
    case 19: bytes.spells("proxy-authorization", in: name)
    default: isForBoth(name, bytes)
    }
  }

  /// Whether a response's field ends here; the framing is written anew.
  static func isForResponse(_ name: ByteSlice, _ bytes: Span<UInt8>) -> Bool {
    switch name.count {
    case 14: bytes.spells("content-length", in: name)
    case 17:
      bytes.spells("transfer-encoding", in: name) || bytes.spells("x-accel-buffering", in: name)
    case 18: bytes.spells("proxy-authenticate", in: name)
    default: isForBoth(name, bytes)
    }
  }

  private static func isForBoth(_ name: ByteSlice, _ bytes: Span<UInt8>) -> Bool {
    switch name.count {
    case 2: bytes.spells("te", in: name)
    case 7: bytes.spells("upgrade", in: name) || bytes.spells("trailer", in: name)
    case 10: bytes.spells("connection", in: name) || bytes.spells("keep-alive", in: name)
    case 16: bytes.spells("proxy-connection", in: name)
    case 17: bytes.spells("transfer-encoding", in: name)
    default: false
    }
  }

  /// Whether a `Connection` line names more than what every server knows; the lines begin at `start`.
  static func connectionNamesFields(from start: Int, _ bytes: Span<UInt8>) -> Bool {
    var fields = FieldLineReader(at: start)
    while case .line(let line) = fields.next(bytes) {
      guard line.name.count == 10, bytes.spells("connection", in: line.name) else { continue }
      var items = ListItems(line.value.range)
      while let item = items.next(bytes) {
        let option = ByteSlice(offset: item.lowerBound, count: item.count)
        let isKnown =
          bytes.spells("close", in: option) || bytes.spells("keep-alive", in: option)
          || bytes.spells("upgrade", in: option) || bytes.spells("te", in: option)
        if !isKnown { return true }
      }
    }
    return false
  }

  /// Whether a `Connection` line names the field; the lines begin at `start`.
  static func isNamed(
    _ name: ByteSlice,
    byConnectionFrom start: Int,
    _ bytes: Span<UInt8>
  ) -> Bool {
    var fields = FieldLineReader(at: start)
    while case .line(let line) = fields.next(bytes) {
      guard line.name.count == 10, bytes.spells("connection", in: line.name) else { continue }
      var items = ListItems(line.value.range)
      while let item = items.next(bytes) {
        if bytes.spellsSame(item, name.range) { return true }
      }
    }
    return false
  }
}
