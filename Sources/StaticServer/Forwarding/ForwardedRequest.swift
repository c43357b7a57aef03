internal import StaticAssets

/// The properties of a request that forwarding needs besides its head.
struct ForwardedRequest {
  let isHead: Bool
  let isVersion10: Bool
  /// Whether its method is idempotent (RFC 9110 §9.2.2).
  let isIdempotent: Bool
  /// The status if the method is refused, else nil: TRACE would return fields that only the app may
  /// see, and CONNECT is for forward proxies.
  let refusal: ResponseStatus?
  /// Whether `Content-Length` is sent to the app, even if it is 0.
  let hasContent: Bool
  /// The value of `Upgrade` if the client requests an upgrade; else empty.
  let upgrade: [UInt8]
  /// Whether the client waits for 100 (Continue) before it sends content.
  let isExpecting: Bool
  /// Whether the client accepts trailer fields (RFC 9110 §10.1.4).
  let takesTrailers: Bool
  /// Whether error responses of this server are JSON.
  let wantsJSON: Bool

  /// Reads the request in `head`, which was parsed from `bytes`.
  init(_ head: RequestHead, in bytes: Span<UInt8>) {
    let method = head.methodName
    let isPutOrDelete =
      Self.isMethod("put", method, bytes) || Self.isMethod("delete", method, bytes)
    isHead = head.method == .head
    isVersion10 = head.isVersion10
    isIdempotent = head.method != .other || isPutOrDelete
    if Self.isMethod("trace", method, bytes) {
      refusal = .methodNotAllowed
    } else {
      refusal = Self.isMethod("connect", method, bytes) ? .notImplemented : nil
    }
    isExpecting = head.hasExpectation && !head.isVersion10
    var hasContent = !head.content.isNone
    var asksToUpgrade = false
    var wantsJSON = false
    var takesTrailers = false
    var token = ByteSlice.none
    var fields = FieldCursor(head.fieldLines)
    while let line = fields.next(bytes) {
      switch line.name.count {
      case 2 where bytes.isName("te", line.name):
        takesTrailers = takesTrailers || Self.lists("trailers", line.value, bytes)
      case 6 where bytes.isName("accept", line.name):
        wantsJSON = Self.prefersJSON(line.value, bytes)
      case 7 where bytes.isName("upgrade", line.name):
        token = ByteSlice(offset: line.value.lowerBound, count: line.value.count)
      case 10 where bytes.isName("connection", line.name):
        asksToUpgrade = asksToUpgrade || Self.lists("upgrade", line.value, bytes)
      case 14 where bytes.isName("content-length", line.name): hasContent = true
      default: break
      }
    }
    self.hasContent = hasContent
    self.wantsJSON = wantsJSON
    self.takesTrailers = takesTrailers && !head.isVersion10
    // Content with an upgrade would be ambiguous: it could belong to either protocol.
    let mayUpgrade =
      asksToUpgrade && !head.isVersion10 && head.content.isNone
      && !Self.leadsToHTTP(token, bytes)
    upgrade = mayUpgrade ? token.range.map { bytes[$0] } : []
  }

  /// Whether a requested protocol is another HTTP version: its requests would bypass these rules.
  private static func leadsToHTTP(_ value: ByteSlice, _ bytes: Span<UInt8>) -> Bool {
    var items = ListItems(value.range)
    while let item = items.next(bytes) {
      if begins("h2", item, bytes) || begins("http", item, bytes) { return true }
    }
    return false
  }

  /// Whether an `Accept` value lists JSON, and not HTML before it.
  private static func prefersJSON(_ value: Range<Int>, _ bytes: Span<UInt8>) -> Bool {
    var items = ListItems(value)
    while let item = items.next(bytes) {
      if begins("text/html", item, bytes) { return false }
      if begins("application/json", item, bytes) { return true }
    }
    return false
  }

  private static func begins(
    _ text: StaticString,
    _ item: Range<Int>,
    _ bytes: Span<UInt8>
  ) -> Bool {
    guard item.count >= text.utf8CodeUnitCount else { return false }
    return bytes.spells(
      text,
      in: ByteSlice(offset: item.lowerBound, count: text.utf8CodeUnitCount)
    )
  }

  private static func lists(
    _ text: StaticString,
    _ value: Range<Int>,
    _ bytes: Span<UInt8>
  ) -> Bool {
    var items = ListItems(value)
    while let item = items.next(bytes) {
      if bytes.spells(text, in: ByteSlice(offset: item.lowerBound, count: item.count)) {
        return true
      }
    }
    return false
  }

  /// Whether the method is the upper-case form of `name`, which is lower-case.
  private static func isMethod(
    _ name: StaticString,
    _ method: ByteSlice,
    _ bytes: Span<UInt8>
  ) -> Bool {
    guard bytes.spells(name, in: method) else { return false }
    return method.range.allSatisfy { bytes[$0] & 0x20 == 0 }
  }
}
