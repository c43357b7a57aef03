internal import Glibc
internal import StaticAssets
internal import StaticCollector

/// The objects to publish from a collected root.
struct LocalRelease: Sendable {
  /// The label of the current release.
  let label: [UInt8]
  /// The labels of all releases in the root, the current one first.
  let releases: [[UInt8]]
  /// All objects, in the order of names, manifests last.
  private(set) var wanted: [WantedObject] = []

  init(label: [UInt8], releases: [[UInt8]], wanted: [WantedObject]) {
    self.label = label
    self.releases = releases
    self.wanted = wanted
  }

  /// Reads the manifests of `root`.
  init(
    root: BytePath,
    layout: PublishLayout,
    rules: FileRules
  ) throws(StoreError) {
    let path = root.appending(ManifestName.collected)
    let text = try Self.read(path)
    guard let text else {
      throw .usage("'\(path)' is not there; 'staticd collect' writes it, publish what that left")
    }
    let manifest: CollectedManifestReader
    do throws(JSONReader.Malformed) {
      manifest = try CollectedManifestReader(text)
    } catch {
      throw .input("\(path): wrong at byte \(error.offset); collect again")
    }
    guard ManifestSeal.isWhole(text), let label = manifest.releases.first else {
      throw .input("\(path): it was edited, or an older staticd wrote it; collect again")
    }
    self.label = label
    releases = manifest.releases
    let unnamed = manifest.files.filter { $0.release == label && !Self.canBeKey($0) }
    guard unnamed.isEmpty else {
      throw .inputs(
        unnamed.map {
          "'\($0.name.escaped)' is not UTF-8, and the keys of a store must be; rename the file, and "
            + "collect again"
        }
      )
    }
    // Files of older releases that cannot be keys have never been published.
    for (file, recorded) in zip(manifest.files, manifest.fields) where Self.canBeKey(file) {
      try add(file, String(decoding: recorded.type, as: UTF8.self), layout, rules)
    }
    wanted.sort { $0.name.bytes.lexicographicallyPrecedes($1.name.bytes) }
    if let django = try Self.read(root.appending(ManifestName.django)) {
      add(ManifestName.django, django)
    }
    // Last, since it describes everything else.
    add(ManifestName.collected, text)
  }

  private static func canBeKey(_ file: CollectedManifestText.File) -> Bool {
    String(validating: file.name.bytes, as: UTF8.self) != nil
  }

  private mutating func add(
    _ file: CollectedManifestText.File,
    _ type: String,
    _ layout: PublishLayout,
    _ rules: FileRules
  ) throws(StoreError) {
    guard PosixPath.isPlain(file.name.bytes), file.name != RemoteManifest.name,
      !ManifestName.all.contains(file.name)
    else {
      throw .input("'\(file.name)' in \(ManifestName.collected) is no name of an object")
    }
    let decision = rules.decide(file.name, isHashed: file.isHashed, knownType: Array(type.utf8))
    func object(_ name: BytePath, _ coding: CollectedManifestText.Coding?) -> WantedObject {
      WantedObject(
        name: name,
        file: coding?.file ?? file.name,
        byteCount: coding?.byteCount ?? file.byteCount,
        md5: coding?.md5 ?? file.digests.md5,
        fields: ObjectFields(
          contentType: String(decoding: decision.contentType, as: UTF8.self),
          cacheControl: String(decoding: decision.cacheControl, as: UTF8.self),
          coding: coding?.coding ?? .identity,
          others: decision.fields.map { ($0.name, $0.value) }
        ),
        phase: file.isHashed ? .hashed : .original,
        release: file.release
      )
    }
    switch layout {
    case .identity: wanted.append(object(file.name, nil))
    case .suffixes:
      wanted.append(object(file.name, nil))
      // Only codings that an edge can choose by Accept-Encoding alone: a delta also needs the
      // client's dictionary.
      for coding in file.codings where [.brotli, .gzip].contains(coding.coding) {
        wanted.append(object(coding.file, coding))
      }
    case .br:
      wanted.append(object(file.name, file.codings.first { $0.coding == .brotli }))
    }
    // The limit of one request, which static files of a site do not reach.
    for object in wanted.suffix(3) where object.byteCount > 5 << 30 {
      throw .input("'\(object.file)' has more than 5 GiB, which no store takes at once")
    }
  }

  /// Adds a manifest, which must be revalidated each time, since it changes with a release.
  private mutating func add(_ name: BytePath, _ bytes: [UInt8]) {
    wanted.append(
      WantedObject(
        name: name,
        file: name,
        byteCount: bytes.count,
        md5: ContentDigests.md5(bytes),
        fields: ObjectFields(contentType: "application/json", cacheControl: "no-cache"),
        phase: .manifest,
        release: label
      )
    )
  }

  /// The bytes of a file; nil if it does not exist.
  private static func read(_ path: BytePath) throws(StoreError) -> [UInt8]? {
    do throws(FileError) {
      let file = try Descriptor.open(path, flags: FileFlags.read)
      return try file.readAll(path: path)
    } catch {
      if error.code == ENOENT { return nil }
      throw .system(error)
    }
  }
}
