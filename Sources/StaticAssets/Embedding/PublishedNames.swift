/// The data of a mount's manifests that templates need.
final class PublishedNames: Sendable {
  private let manifests: RootManifests
  private let index: PathIndex

  init(_ manifests: RootManifests) {
    self.manifests = manifests
    index = manifests.django.indexOfNames()
  }

  /// The published name of the file `name`; nil when the manifest does not list it.
  func published(_ name: [UInt8]) -> [UInt8]? { manifests.django.published(name, index) }

  /// The `integrity` value of the file published as `name`; nil when the manifest has none.
  func integrity(_ name: [UInt8]) -> String? { manifests.collected.integrity(name) }
}
