internal import StaticAssets

/// What a run knows about the objects in the store.
struct Delivery: Sendable {
  /// The entity tags by name, as lists show them: from the first list, then from what was sent.
  private(set) var entityTags: [BytePath: String]
  /// The outcome for each object of the release.
  private(set) var kinds: [BytePath: ObjectSender.Outcome.Kind] = [:]

  init(_ listing: [BytePath: ListedObject]) {
    entityTags = listing.mapValues(\.entityTag)
  }

  mutating func note(_ object: WantedObject, _ outcome: ObjectSender.Outcome) {
    // `kept` does not replace an earlier outcome.
    if kinds[object.name] == nil || outcome.kind != .kept { kinds[object.name] = outcome.kind }
    entityTags[object.name] =
      outcome.entityTag.isEmpty
      ? String(decoding: object.md5, as: UTF8.self) : outcome.entityTag
  }

  /// Whether a list shows an object as it was sent.
  ///
  /// Other runs write no other content under a hashed name: there the size is enough.
  func isShown(_ object: WantedObject, in listing: [BytePath: ListedObject]) -> Bool {
    guard let listed = listing[object.name], listed.byteCount == object.byteCount else {
      return false
    }
    return object.phase == .hashed || listed.entityTag == entityTags[object.name]
  }

  /// The manifest of a store that has all objects of `plan`.
  func manifest(of plan: PublishPlan) -> RemoteManifest {
    var manifest = RemoteManifest()
    manifest.releases = plan.releases
    manifest.leaving = Set(plan.removals)
    manifest.objects = plan.kept
    for object in plan.steps.map(\.object) {
      let tag = Array((entityTags[object.name] ?? "").utf8)
      manifest.objects[object.name] = RemoteManifest.Object(
        byteCount: object.byteCount,
        md5: object.md5,
        fields: Array(object.fields.digest.utf8),
        release: object.release,
        entityTag: tag == object.md5 ? [] : tag
      )
    }
    return manifest
  }
}
