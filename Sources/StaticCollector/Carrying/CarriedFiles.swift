internal import StaticAssets

/// Files of earlier releases that a new release carries over because its root lacks them.
struct CarriedFiles: Sendable {
  /// A file whose content has the digest in its name or its manifest.
  struct File: Sendable {
    let name: BytePath
    let original: BytePath
    let release: [UInt8]
    let origin: PlannedContent.Origin
    let byteCount: Int
    let digests: ContentDigests
  }

  private(set) var files: [File] = []
  /// The labels of the releases that the files belong to, newest first.
  private(set) var releases: [[UInt8]] = []
  /// The SHA-256 of the unhashed files of the newest of these releases.
  private(set) var originals: [BytePath: [UInt8]] = [:]
  private(set) var problems: [Problem] = []
  /// The directory of the larger files, kept for as long as they may be read.
  private var spool: CarriedSpool?

  /// What the new release needs of earlier ones.
  struct Wanted: Sendable {
    /// The label of the new release.
    let label: [UInt8]
    /// The number of releases that are kept, including the new one.
    let keptCount: Int
    /// The names that the new release publishes itself.
    let names: Set<BytePath>
    let jobs: Int
  }

  init() {}

  /// Reads the files of the releases that are kept from `stores`.
  ///
  /// - Throws: `unreachable` for a store that cannot be read, unless it is optional.
  init(_ stores: [EarlierRelease], _ wanted: Wanted) async throws(CollectError) {
    var manifests: [(EarlierRelease, EarlierManifest)] = []
    for earlier in stores {
      do throws(ReleaseStoreError) {
        manifests.append((earlier, try EarlierManifest(earlier.store)))
      } catch {
        let text = "\(earlier.store.place): \(error)"
        guard earlier.isOptional else { throw .unreachable(text) }
        problems.append(Problem(carrying: nil, from: earlier, text: "\(error)"))
      }
    }
    for (_, manifest) in manifests {
      for label in manifest.releases where label != wanted.label && !releases.contains(label) {
        releases.append(label)
      }
    }
    releases = Array(releases.prefix(wanted.keptCount - 1))
    // If the newest release has the new label, it is the same release, collected elsewhere.
    originals = manifests.first?.1.originals ?? [:]
    let spool: CarriedSpool
    do throws(FileError) { spool = try CarriedSpool() } catch { throw .system(error) }
    self.spool = spool
    var taken: Set<BytePath> = []
    for (earlier, manifest) in manifests {
      var own: Set<BytePath> = []
      let files = manifest.files.filter { file in
        releases.contains(file.release) && !wanted.names.contains(file.name)
          && !Publisher.isReserved(file.name) && !Publisher.isLeftover(file.name)
          && !taken.contains(file.name)
          && own.insert(file.name).inserted
      }
      let count = self.files.count
      try await add(files, from: earlier, spool, jobs: wanted.jobs)
      taken.formUnion(self.files[count...].map(\.name))
    }
    // A file that one store lacks may come from another store.
    problems.removeAll { taken.contains(BytePath($0.file)) }
  }

  private mutating func add(
    _ files: [EarlierManifest.File],
    from earlier: EarlierRelease,
    _ spool: CarriedSpool,
    jobs: Int
  ) async throws(CollectError) {
    let store = earlier.store
    let read = await concurrentMap(count: files.count, jobs: jobs) { index in
      Result { () throws(ReleaseStoreError) in try Self.read(files[index], store, spool) }
    }
    for (file, result) in zip(files, read) {
      switch result {
      case .success(.verified(let carried)): self.files.append(carried)
      case .success(.missing):
        problems.append(
          Problem(
            carrying: file.name,
            from: earlier,
            text: "its manifest names this, and it is gone"
          )
        )
      case .success(.unkept(let error)): throw .system(error)
      case .success(.other):
        problems.append(
          Problem(carrying: file.name, from: earlier, text: "its content is not what its name says")
        )
      case .failure(let error):
        guard earlier.isOptional else { throw .unreachable("\(store.place): \(error)") }
        problems.append(Problem(carrying: file.name, from: earlier, text: "\(error)"))
      }
    }
  }

  private enum Content {
    case verified(File)
    case missing
    case other
    /// The spool directory has no room for it.
    case unkept(FileError)
  }

  /// Reads a file and compares it with the digest in its manifest, or else with the one in its
  /// name.
  private static func read(
    _ file: EarlierManifest.File,
    _ store: any ReleaseStore,
    _ spool: CarriedSpool
  ) throws(ReleaseStoreError) -> Content {
    guard let bytes = try store.read(file.name) else { return .missing }
    let digests = ContentDigests(of: bytes)
    let isRight =
      file.sha256.isEmpty
      ? file.name.lastComponent.bytes.contains(part: digests.md5.prefix(12))
      : file.sha256 == digests.sha256
    guard isRight else { return .other }
    let origin: PlannedContent.Origin
    do throws(FileError) {
      origin = try spool.keep(bytes)
    } catch {
      return .unkept(error)
    }
    return .verified(
      File(
        name: file.name,
        original: file.original,
        release: file.release,
        origin: origin,
        byteCount: bytes.count,
        digests: digests
      )
    )
  }
}

extension ReleasePlan {
  /// Adds the files of earlier releases under the names that they had there.
  ///
  /// A file is left out if the new release uses its name.
  mutating func carry(_ carried: CarriedFiles) {
    for file in carried.files where mayCarry(file.name) {
      carry(
        PlannedContent(
          origin: file.origin,
          byteCount: file.byteCount,
          digests: file.digests,
          names: [
            PlannedContent.Name(
              path: file.name,
              original: file.original,
              isHashed: true,
              source: file.name,
              carriedFrom: file.release
            )
          ]
        )
      )
    }
    finishCarrying()
  }
}

extension Problem {
  /// A problem with a file of an earlier release; `name` is nil for a problem of the whole store.
  fileprivate init(carrying name: BytePath?, from earlier: EarlierRelease, text: String) {
    self.init(
      severity: earlier.isOptional ? .warning : .error,
      kind: .earlierRelease,
      file: name ?? BytePath(""),
      at: BytePath(earlier.store.place + (name.map { " \($0)" } ?? "")),
      text: text + (earlier.isOptional ? "; the release goes on without it" : "")
    )
  }
}
