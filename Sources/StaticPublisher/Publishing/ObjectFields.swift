internal import StaticAssets
internal import StaticCollector

/// The fields that an object is stored with, and sent with by the store.
struct ObjectFields: Equatable, Sendable {
  /// In the order in which they are sent.
  private(set) var lines: [(name: String, value: String)]
  /// 16 hexadecimal digits of a digest of the fields.
  let digest: String

  /// The name of the object's own metadata with the MD5 of its bytes.
  ///
  /// For stores whose entity tag is something else, as it is with encryption by a key of theirs.
  static let contentName = "x-amz-meta-staticd-md5"
  /// The name of the object's own metadata with the digest of its fields.
  static let digestName = "x-amz-meta-staticd-fields"

  /// - Parameters:
  ///   - cacheControl: empty for none.
  ///   - coding: the coding of the object's bytes.
  ///   - others: further fields, such as Content-Disposition.
  init(
    contentType: String,
    cacheControl: String,
    coding: ContentCoding = .identity,
    others: [(name: String, value: String)] = []
  ) {
    var lines = [(name: "Content-Type", value: contentType)]
    if !cacheControl.isEmpty { lines.append(("Cache-Control", cacheControl)) }
    if coding != .identity { lines.append(("Content-Encoding", coding.token.description)) }
    lines += others.sorted { $0.name.lowercased() < $1.name.lowercased() }
    // As they are sent: they are signed, and their digest is compared.
    lines = lines.map { ($0.name, HTTPRequest.plain($0.value)) }
    self.lines = lines
    let text = lines.map { "\($0.name.lowercased()): \($0.value)\n" }.joined()
    let sha256 = ContentDigests.sha256(Array(text.utf8)[...])
    digest = String(decoding: sha256.prefix(16), as: UTF8.self)
  }

  /// The fields that are sent with bytes that have this MD5, in hexadecimal.
  func sent(md5: [UInt8]) -> [(name: String, value: String)] {
    lines + [
      (Self.contentName, String(decoding: md5, as: UTF8.self)), (Self.digestName, digest),
    ]
  }

  /// Whether a stored object, whose fields these are, has this content and these fields.
  func areStored(_ stored: [(name: String, value: String)], md5: [UInt8]) -> Bool {
    func value(_ name: String) -> String? { stored.first { $0.name == name }?.value }
    return value(Self.contentName) == String(decoding: md5, as: UTF8.self)
      && value(Self.digestName) == digest
  }

  static func == (left: ObjectFields, right: ObjectFields) -> Bool { left.digest == right.digest }
}
