import StaticAssets
import StaticCollector
import TestSupport

@testable import StaticPublisher

/// Another program that writes to the same bucket.
struct OtherWriter {
  private let store: ObjectStore

  init(_ store: MemoryStore) {
    let variables = PublishedSite.variables
    self.store = ObjectStore(
      try! StoreAddress("s3://bucket", endpoint: store.endpoint),
      AWSSettings(path: { variables[$0].map { BytePath($0) } }, file: { _ in nil }),
      RetryPolicy(),
      ConnectionLimits()
    )
  }

  func put(_ key: String, _ text: String) throws {
    let bytes = Array(text.utf8)
    var md5 = MD5()
    bytes.withUnsafeBytes { md5.update($0) }
    _ = try store.write(
      BytePath(key),
      .bytes(bytes),
      fields: [("Content-Type", "text/plain")],
      md5: md5.finish(),
      sha256: String(decoding: ContentDigests.sha256(bytes[...]), as: UTF8.self)
    )
  }

  func remove(_ key: String) throws { try store.remove([BytePath(key)]) }

  func read(_ key: String) throws -> ObjectStore.StoredObject? { try store.read(BytePath(key)) }
}
