internal import StaticAssets

/// What is to be done so that a store has a release: a pure function of the release, of the list of
/// what is there, and of what earlier runs have noted.
struct PublishPlan: Sendable {
  /// What is to be done about one object.
  enum Action: Equatable, Sendable {
    /// It is there as it has to be.
    case keep
    /// Its content is there, and nobody knows with which fields: ask the store.
    case ask
    /// It is not there, or another content is.
    case send
    /// Its content is there, with other fields.
    case update
  }

  struct Step: Sendable {
    let object: WantedObject
    let action: Action
  }

  /// In the order of phases, and of names within each.
  let steps: [Step]
  /// What is to be removed when everything else is done.
  let removals: [BytePath]
  /// What the new manifest has of releases before, besides the objects of the steps.
  let kept: [BytePath: RemoteManifest.Object]
  /// The labels of the releases that stay, the new one first.
  let releases: [[UInt8]]
  /// Whether the store has all of this, and knows it.
  let isNothing: Bool

  /// - Parameters:
  ///   - listing: what there is below the prefix.
  ///   - remote: the manifest there; nil for none.
  ///   - keptCount: how many releases stay, the new one among them.
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
      // Files of the root that only older releases have are of no use there.
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

  /// The object with the later one of two labels: its own, which the root has, and that of the store.
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

  /// What is to be done about one object.
  ///
  /// - Parameters:
  ///   - listed: what the list has under its name.
  ///   - recorded: what the manifest has under its name.
  ///   - manifestModified: when the manifest was written. An object that was written later is of a run
  ///     that has not come to its end, with fields that nobody has noted.
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
      // The tag is an MD5 of something else, or no MD5: then the object's own metadata tells.
      return isMD5(tag) ? .send : .ask
    }
    guard let known, known.md5 == object.md5 else { return .ask }
    return known.fields == Array(object.fields.digest.utf8) ? .keep : .update
  }

  /// Whether an entity tag looks like the MD5 of a content: those of objects in parts have a hyphen.
  private static func isMD5(_ tag: [UInt8]) -> Bool {
    tag.count == 32 && tag.allSatisfy(\.isLowercaseHexDigit)
  }
}
