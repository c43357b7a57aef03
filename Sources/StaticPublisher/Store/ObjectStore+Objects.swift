package import StaticAssets
internal import StaticCollector

/// The objects of a store: lists, reads and writes.
extension ObjectStore {
  /// An object that was read.
  package struct StoredObject: Sendable {
    /// The bytes as stored: in the object's coding.
    package let bytes: [UInt8]
    /// The value of Content-Encoding; empty for none.
    package let contentEncoding: String
    /// The value of Content-Type; empty for none.
    package let contentType: String
    /// Without quotes.
    package let entityTag: String
  }

  /// Every object below the prefix, by its name there; one request per thousand objects.
  package func list() throws(StoreError) -> [BytePath: ListedObject] {
    var objects: [BytePath: ListedObject] = [:]
    var continuation: String?
    repeat {
      var query = [
        (name: "list-type", value: "2"), ("encoding-type", "url"), ("max-keys", "1000"),
      ]
      if !address.prefix.isEmpty { query.append(("prefix", "\(address.prefix)/")) }
      if let continuation { query.append(("continuation-token", continuation)) }
      let response = try perform(Call(method: "GET", query: query, operation: "list"))
      guard let page = ListPage(response.body),
        page.continuation == nil || page.continuation != continuation
      else {
        throw .unreachable("cannot list '\(address.url)': the answer is no list of objects")
      }
      for (key, object) in page.objects {
        if let name = address.name(ofKey: key) { objects[name] = object }
      }
      continuation = page.continuation
    } while continuation != nil
    return objects
  }

  /// The object `name`; nil if there is none.
  package func read(_ name: BytePath) throws(StoreError) -> StoredObject? {
    let call = Call(method: "GET", key: address.key(name), operation: "read", accepted: [404])
    let response = try perform(call)
    if response.status == 404 {
      let refusal = Self.refusal(response, call, address)
      guard refusal.code != "NoSuchBucket" else { throw .refused(refusal) }
      return nil
    }
    return StoredObject(
      bytes: response.body,
      contentEncoding: response.field("content-encoding") ?? "",
      contentType: response.field("content-type") ?? "",
      entityTag: Self.entityTag(response)
    )
  }

  /// The fields of the object `name`, with names in lower case; nil if there is none.
  package func fields(
    of name: BytePath
  ) throws(StoreError) -> [(name: String, value: String)]? {
    let response = try perform(
      Call(method: "HEAD", key: address.key(name), operation: "read", accepted: [404])
    )
    return response.status == 404 ? nil : response.fields
  }

  /// Stores an object.
  ///
  /// - Parameters:
  ///   - fields: the fields to store with it.
  ///   - md5: 16 bytes; a store that checks it refuses content that was changed in transfer.
  ///   - sha256: 64 lower-case hexadecimal digits.
  /// - Returns: its entity tag, without quotes; empty if the store sends none.
  func write(
    _ name: BytePath,
    _ body: HTTPBody,
    fields: [(name: String, value: String)],
    md5: [UInt8],
    sha256: String
  ) throws(StoreError) -> String {
    let checksum = String(decoding: DigestText.base64(md5), as: UTF8.self)
    let response = try perform(
      Call(
        method: "PUT",
        key: address.key(name),
        fields: fields + [("Content-MD5", checksum)],
        body: body,
        bodyHash: sha256,
        operation: "send"
      )
    )
    return Self.entityTag(response)
  }

  static func entityTag(_ response: HTTPResponse) -> String {
    (response.field("etag") ?? "").filter { $0 != "\"" }
  }
}
