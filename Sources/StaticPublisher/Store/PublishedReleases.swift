package import StaticAssets
package import StaticCollector

/// The releases that were published to an object store.
package struct PublishedReleases: ReleaseStore {
  private let store: ObjectStore
  /// The URL as given.
  package let place: String

  /// The releases at `s3://BUCKET/PREFIX`, in the store that the environment names, or in Amazon S3.
  package init(_ url: String) throws(ReleaseStoreError) {
    place = url
    // The caller names the URL.
    if let reason = StoreAddress.refusal(of: url) { throw ReleaseStoreError(reason) }
    do throws(StoreError) {
      store = try ObjectStore.named(url, endpoint: nil)
    } catch {
      throw ReleaseStoreError(error.description)
    }
  }

  package func read(_ name: BytePath) throws(ReleaseStoreError) -> [UInt8]? {
    let object: ObjectStore.StoredObject?
    do throws(StoreError) {
      object = try store.read(name)
    } catch {
      throw ReleaseStoreError(error.description)
    }
    guard let object else { return nil }
    guard object.contentEncoding.isEmpty || object.contentEncoding == "identity" else {
      throw ReleaseStoreError(
        "'\(name)' is stored in \(object.contentEncoding); the layouts identity and suffixes can be read"
      )
    }
    return object.bytes
  }
}
