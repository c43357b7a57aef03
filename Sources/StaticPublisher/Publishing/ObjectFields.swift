internal import StaticAssets
internal import StaticCollector

/// The fields that are stored with an object, and sent with it by the store.
struct ObjectFields: Equatable, Sendable {
  /// The fields in the order in which they are sent.
  private(set) var lines: [(name: String, value: String)]
  /// 16 hexadecimal digits of a digest of the fields.
  let digest: String

  /// The name of the metadata with the MD5 of the object's bytes.
  ///
  /// For stores whose entity tag is not the MD5, as with encryption by a key of the store
  /// (SSE-KMS).
  static let contentName = "x-amz-meta-staticd-md5"
  /// The name of the metadata with the digest of the object's fields.
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
    // As sent, since they are signed, and their digest is compared.
    lines = lines.map { ($0.name, HTTPRequest.plain($0.value)) }
    self.lines = lines
    let text = lines.map { "\($0.name.lowercased()): \($0.value)\n" }.joined()
    let sha256 = ContentDigests.sha256(Array(text.utf8)[...])
    digest = String(decoding: sha256.prefix(16), as: UTF8.self)
  }

  /// The fields to send with content that has this MD5, in hexadecimal.
  func sent(md5: [UInt8]) -> [(name: String, value: String)] {
    lines + [
      (Self.contentName, String(decoding: md5, as: UTF8.self)), (Self.digestName, digest),
    ]
  }

  /// Whether the fields `stored` of an object in the store show this content and these fields.
  func areStored(_ stored: [(name: String, value: String)], md5: [UInt8]) -> Bool {
    func value(_ name: String) -> String? { stored.first { $0.name == name }?.value }
    return value(Self.contentName) == String(decoding: md5, as: UTF8.self)
      && value(Self.digestName) == digest
  }

  static func == (left: ObjectFields, right: ObjectFields) -> Bool { left.digest == right.digest }
}
