internal import StaticAssets

/// The steps that bring a release into a store: a pure function of the release, of the objects in
/// the store, and of the manifest of earlier runs.
struct PublishPlan: Sendable {
  /// What to do for one object.
  enum Action: Equatable, Sendable {
    /// It is in the store as required.
    case keep
    /// Its content is in the store, but its fields are unknown: request them from the store.
    case ask
    /// It is not in the store, or has other content there.
    case send
    /// Its content is in the store, with other fields.
    case update
  }

  struct Step: Sendable {
    let object: WantedObject
    let action: Action
  }

  /// In the order of phases, then of names.
  let steps: [Step]
  /// The objects to remove after all steps.
  let removals: [BytePath]
  /// The objects of earlier releases in the new manifest, besides those of the steps.
  let kept: [BytePath: RemoteManifest.Object]
  /// The labels of the releases that stay, the new one first.
  let releases: [[UInt8]]
  /// Whether the store has all of this, and its manifest records it.
  let isNothing: Bool

  /// - Parameters:
  ///   - listing: the objects below the prefix.
  ///   - remote: the manifest in the store; nil for none.
  ///   - keptCount: the number of releases to keep, including the new one.
  init(
    _ release: LocalRelease,
    listing: [BytePath: ListedObject],
    remote: RemoteManifest?,
    keptCount: Int
  ) {
    let others = (remote?.releases ?? []) + release.releases
    var releases = [release.label]
    for label in others where !releases.contains(label) { releases.append(label) }
    let known = releases
    releases = Array(releases.prefix(keptCount))
    let wanted = release.wanted
      .map { Self.belonging($0, to: remote?.objects[$0.name]?.release, among: known) }
      // Do not publish files that only dropped releases have.
      .filter { releases.contains($0.release) }
    let names = Set(wanted.map(\.name))
    let written = listing[RemoteManifest.name]?.modified
    let steps = wanted.map { object in
      Step(
        object: object,
        action: remote?.leaving.contains(object.name) == true
          ? .send
          : Self.action(
            for: object,
            listed: listing[object.name],
            recorded: remote?.objects[object.name],
            manifestModified: written
          )
      )
    }
    var kept: [BytePath: RemoteManifest.Object] = [:]
    var removals = Set((remote?.leaving ?? []).filter { !names.contains($0) && listing[$0] != nil })
    for (name, object) in remote?.objects ?? [:]
    where !names.contains(name) && listing[name] != nil {
      if releases.contains(object.release) {
        kept[name] = object
      } else {
        removals.insert(name)
      }
    }
    self.steps = WantedObject.Phase.allCases.flatMap { phase in
      steps.filter { $0.object.phase == phase }
    }
    self.removals = removals.sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
    self.kept = kept
    self.releases = releases
    guard let remote, removals.isEmpty, steps.allSatisfy({ $0.action == .keep }) else {
      isNothing = false
      return
    }
    let releasesOfObjects = Dictionary(
      wanted.map { ($0.name, $0.release) },
      uniquingKeysWith: { first, _ in first }
    ).merging(kept.mapValues(\.release)) { own, _ in own }
    isNothing =
      remote.releases == releases && remote.objects.mapValues(\.release) == releasesOfObjects
  }

  /// The object with the later one of two labels: its own in the root, and the one in the store.
  ///
  /// Another root may have published a later release with it, which the store keeps.
  private static func belonging(
    _ object: WantedObject,
    to recorded: [UInt8]?,
    among releases: [[UInt8]]
  ) -> WantedObject {
    guard let recorded, let theirs = releases.firstIndex(of: recorded),
      theirs < releases.firstIndex(of: object.release) ?? releases.count
    else { return object }
    var object = object
    object.release = recorded
    return object
  }

  /// What to do for one object.
  ///
  /// - Parameters:
  ///   - listed: the listed object of its name.
  ///   - recorded: the object of its name in the manifest.
  ///   - manifestModified: when the manifest was written. An object written later is from an
  ///     unfinished run, which has not recorded its fields.
  static func action(
    for object: WantedObject,
    listed: ListedObject?,
    recorded: RemoteManifest.Object?,
    manifestModified: String?
  ) -> Action {
    guard let listed, listed.byteCount == object.byteCount else { return .send }
    let known = recorded.flatMap { recorded in
      listed.modified <= manifestModified ?? "" ? recorded : nil
    }
    let tag = Array(listed.entityTag.utf8)
    if let known, !known.entityTag.isEmpty, known.entityTag == tag {
      guard known.md5 == object.md5 else { return .send }
    } else if tag != object.md5 {
      // The tag is another MD5, or not an MD5: then the object's own metadata decides.
      return isMD5(tag) ? .send : .ask
    }
    guard let known, known.md5 == object.md5 else { return .ask }
    return known.fields == Array(object.fields.digest.utf8) ? .keep : .update
  }

  /// Whether an entity tag looks like the MD5 of a content: that of a multipart upload has a
  /// hyphen.
  private static func isMD5(_ tag: [UInt8]) -> Bool {
    tag.count == 32 && tag.allSatisfy(\.isLowercaseHexDigit)
  }
}
