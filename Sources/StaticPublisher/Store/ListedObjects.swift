internal import StaticAssets

/// An object in a list.
package struct ListedObject: Equatable, Sendable {
  package let byteCount: Int
  /// Without quotes.
  package let entityTag: String
  /// `2026-11-29T19:30:17.000Z`: comparable as text with other times of the same store.
  package let modified: String
}

/// One page of `ListObjectsV2`.
struct ListPage: Equatable, Sendable {
  var objects: [(key: [UInt8], object: ListedObject)] = []
  /// Nil on the last page.
  var continuation: String?

  /// Parses a document; nil if it is malformed.
  init?(_ document: [UInt8]) {
    guard let root = XMLElement.parse(document), root.name == "ListBucketResult" else { return nil }
    let isEncoded = root.text(of: "EncodingType") == "url"
    for content in root.children("Contents") {
      guard let key = content.text(of: "Key"),
        let size = content.text(of: "Size").flatMap({ Int($0) })
      else { return nil }
      let tag = (content.text(of: "ETag") ?? "").filter { $0 != "\"" }
      let object = ListedObject(
        byteCount: size,
        entityTag: tag,
        modified: content.text(of: "LastModified") ?? ""
      )
      objects.append((isEncoded ? URIText.decode(key) : Array(key.utf8), object))
    }
    if root.text(of: "IsTruncated") == "true" {
      guard let token = root.text(of: "NextContinuationToken"), !token.isEmpty else { return nil }
      continuation = token
    }
  }

  static func == (left: ListPage, right: ListPage) -> Bool {
    left.continuation == right.continuation && left.objects.map(\.key) == right.objects.map(\.key)
      && left.objects.map(\.object) == right.objects.map(\.object)
  }
}
