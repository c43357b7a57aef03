@testable import StaticAssets

extension NaiveRequestHead.Outcome {
  /// The result of the parser for `bytes`, in the terms of the naive parser.
  init(ofParsing bytes: [UInt8], _ limits: RequestLimits) {
    var head = RequestHead()
    self =
      switch RequestHeadParser.parse(bytes.span, limits: limits, into: &head) {
      case .incomplete: .incomplete
      case .rejected(let status): .rejected(status)
      case .complete: .complete(NaiveRequestHead(head, in: bytes))
      }
  }
}

extension NaiveRequestHead {
  /// The values of a parsed head; the method is the one that was recognised.
  init(_ head: RequestHead, in bytes: [UInt8]) {
    func text(_ slice: ByteSlice) -> String {
      String(bytes[slice.range].map { Character(UnicodeScalar($0)) })
    }
    let line = bytes.drop { $0 == .carriageReturn || $0 == .lineFeed }
    let token = String(decoding: line.prefix { $0 != .space }, as: UTF8.self)
    let known: [RequestMethod: String] = [.get: "GET", .head: "HEAD", .options: "OPTIONS"]
    let isKnown = known.values.contains(token)
    method = known[head.method] ?? (isKnown ? "not recognised" : token)
    target = text(head.target)
    path = text(head.path)
    isVersion10 = head.isVersion10
    keepsAlive = head.keepsAlive
    content = head.content
    host = text(head.host)
    let slices: [(RequestHead.Fields, ByteSlice)] = [
      (.acceptEncoding, head.acceptEncoding), (.ifMatch, head.ifMatch),
      (.ifNoneMatch, head.ifNoneMatch), (.ifModifiedSince, head.ifModifiedSince),
      (.ifUnmodifiedSince, head.ifUnmodifiedSince), (.ifRange, head.ifRange),
      (.range, head.range), (.availableDictionary, head.availableDictionary),
    ]
    for (name, (field, slice)) in zip(NaiveRequestHead.decidingFields, slices) {
      if head.present.contains(field) { deciding[name] = text(slice) }
      if head.repeated.contains(field) { repeated.insert(name) }
    }
    byteCount = head.byteCount
  }
}
