internal import StaticAssets

/// Checks the manifests without reading files: each against its format, and one against the other.
struct ManifestComparison {
  private let recorded: RecordedRoot
  private(set) var problems: [RootProblem] = []

  init(_ recorded: RecordedRoot) {
    self.recorded = recorded
    if let django = recorded.django { compare(django) }
    guard let collected = recorded.collected else { return }
    compare(collected)
    guard let django = recorded.django else {
      if recorded.problems.isEmpty { add(ManifestName.django, "there is none; collect again") }
      return
    }
    compare(django, collected)
  }

  private mutating func add(_ file: BytePath, _ text: String) {
    problems.append(RootProblem(file: file, text: text))
  }

  /// Source: `ManifestFilesMixin.load_manifest` and `save_manifest`, versions 1.0 and 1.1.
  private mutating func compare(_ django: RecordedRoot.Django) {
    let name = ManifestName.django
    let isHashed = !django.hash.isEmpty
    switch String(decoding: django.version, as: UTF8.self) {
    case "1.1":
      if !isHashed { add(name, "it has no hash; collect again") }
    case "1.0":
      if isHashed { add(name, "its version, 1.0, has no hash; collect again") }
    default: add(name, "its version is not Django's")
    }
    if isHashed, django.hash != DjangoManifestText(django.paths).hash {
      add(name, "its hash is of other names")
    }
    if django.hasDoubles { add(name, "it has a file twice; collect again") }
  }

  private mutating func compare(_ collected: RecordedRoot.Collected) {
    let reader = collected.reader
    let name = ManifestName.collected
    if reader.version != 1 {
      add(name, "its version is not 1; check with the staticd that collected")
    }
    if reader.releases.isEmpty || Set(reader.releases).count != reader.releases.count {
      add(name, "its releases are none, or one of them is there twice; collect again")
    }
    // A release between others may have no file of its own, if newer ones have all of its files.
    if reader.releases.count > 1, let oldest = reader.releases.last,
      !reader.files.contains(where: { $0.release == oldest })
    {
      add(name, "its oldest release has no file; collect again")
    }
    if collected.files.count != reader.files.count {
      add(name, "it has a file twice; collect again")
    }
    for (file, fields) in zip(reader.files, reader.fields) { compare(file, fields, reader) }
  }

  private mutating func compare(
    _ file: CollectedManifestText.File,
    _ fields: CollectedManifestReader.Fields,
    _ reader: CollectedManifestReader
  ) {
    if !fields.type.elementsEqual(MediaType.contentType(ofFileNamed: file.name.bytes).utf8) {
      add(file.name, "its type in staticd.json is not the one of its name")
    }
    let policies = [CachePolicy.immutable, .maxAge(.seconds(60))].compactMap(\.fieldValue)
    if !policies.contains(where: { fields.cacheControl.elementsEqual($0.utf8) }) {
      add(file.name, "its cacheControl in staticd.json is none that collect writes")
    }
    if !fields.hasOwnCodings { add(file.name, "staticd.json lists codings that it cannot have") }
    if !reader.releases.contains(file.release) {
      add(file.name, "its release in staticd.json is none of those in the root")
    } else if file.release != reader.releases.first, !file.isNamedByContent,
      !file.isHashed
    {
      add(file.name, "only hashed names can be of an older release, as staticd.json has it")
    }
  }

  private mutating func compare(
    _ django: RecordedRoot.Django,
    _ collected: RecordedRoot.Collected
  ) {
    // The text of Django differs in its spaces, and comes without staticd.json.
    let text = DjangoManifestText(django.paths)
    if django.hash == text.hash, django.text != text.bytes {
      add(ManifestName.django, "its text is not the one that was collected; collect again")
    }
    let label = collected.reader.releases.first
    if let label, label != django.hash {
      add(ManifestName.collected, "its current release is not that of staticfiles.json")
    }
    for (name, published) in django.paths {
      guard let file = collected.files[published] else {
        add(published, "staticd.json lacks it, staticfiles.json has it")
        continue
      }
      if !file.isHashed { add(published, "staticd.json does not let it be kept") }
      if file.release != label {
        add(published, "staticd.json has it in an older release, staticfiles.json in this one")
      }
      if file.original.bytes != HashedName.clean(name.bytes) {
        add(published, "it is '\(name)' to Django, '\(file.original)' to us")
      }
    }
    let published = Set(django.paths.map(\.published))
    let originals = recorded.originals
    for file in collected.reader.files
    where file.release == label && !published.contains(file.name) {
      if file.isHashed {
        add(file.name, "staticd.json lets it be kept, staticfiles.json does not have it")
      }
      if !originals.contains(file.original) {
        add(file.name, "it is of '\(file.original)', which staticfiles.json does not have")
      }
      if file.name != file.original, !file.isNamedByContent {
        add(file.name, "staticd.json has it for '\(file.original)', which has another name")
      }
    }
  }
}
