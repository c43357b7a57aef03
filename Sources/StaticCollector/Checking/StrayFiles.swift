internal import StaticAssets

/// Compares the files in a root with those that the manifests name: missing and superfluous ones.
struct StrayFiles {
  private(set) var problems: [RootProblem] = []
  private let collected: RecordedRoot.Collected
  private let originals: Set<BytePath>
  /// The published names in `staticfiles.json`.
  private let published: Set<BytePath>

  /// - Parameters:
  ///   - recorded: the manifests; `collected` is its `staticd.json`.
  ///   - listing: the files in the root.
  ///   - root: the root.
  init(
    _ recorded: RecordedRoot,
    _ collected: RecordedRoot.Collected,
    _ listing: RootListing,
    _ root: borrowing Directory
  ) throws(FileError) {
    self.collected = collected
    originals = recorded.originals
    published = Set(recorded.django?.paths.map(\.published) ?? [])
    try findUnlistedOriginals(root)
    findHashedNames(listing)
    findHashedDirectories(listing)
  }

  /// Every original must be listed or a link to a file, unless none exists (`--keep-only-hashed`).
  private mutating func findUnlistedOriginals(_ root: borrowing Directory) throws(FileError) {
    var missing: [BytePath] = []
    var isAnyThere = false
    for name in originals where isOwnFile(name) {
      guard collected.files[name] == nil else {
        isAnyThere = true
        continue
      }
      guard let status = try root.status(of: name) else {
        missing.append(name)
        continue
      }
      isAnyThere = true
      if status.isRegular {
        add(name, "staticd.json lacks it, staticfiles.json has it; collect again")
      } else if (try? FileStatus.of(name, in: root.number))?.isRegular != true {
        add(name, "this is neither a file nor a link to one; collect again")
      }
    }
    guard isAnyThere else { return }
    for name in missing { add(name, "it is missing, other originals are there; collect again") }
  }

  /// Whether `name` is an original with its own file, not a coding of another one.
  private func isOwnFile(_ name: BytePath) -> Bool {
    guard !published.contains(name), !collected.codings.contains(name),
      name != ManifestName.django, name != ManifestName.collected
    else { return false }
    // A coding from the sources that does not decode to its file is not collected.
    guard let (_, base) = ContentCoding.stored(name), originals.contains(base) else { return true }
    return collected.files[name] != nil
  }

  /// The default COMPRESS_OUTPUT_DIR of django-compressor, whose file names contain twelve digits.
  private static let compressorDirectory = BytePath("CACHE")

  /// Reports hashed names that no manifest lists.
  private mutating func findHashedNames(_ listing: RootListing) {
    for name in listing.files
    where !isKnown(name) && !name.isInside(Self.compressorDirectory) {
      let base = ContentCoding.stored(name)?.file ?? name
      // A coding beside a listed file is checked with that file.
      guard collected.files[base] == nil,
        HashedName.looksHashed(name) || HashedName.looksHashed(base)
      else { continue }
      add(name, "it has a hashed name, and no manifest lists it; remove it")
    }
  }

  /// Reports directories with hashed names that hold no file of a manifest.
  private mutating func findHashedDirectories(_ listing: RootListing) {
    var used: Set<BytePath> = []
    for var name in listing.files where isKnown(name) {
      repeat { name = name.parent } while used.insert(name).inserted && !name.isEmpty
    }
    for name in listing.directoryModes.keys
    where HashedName.looksHashed(name) && !used.contains(name)
      && !name.isInside(Self.compressorDirectory)
    {
      // A manifest's file that is a directory is reported with that file.
      guard !isKnown(name) else { continue }
      add(name, "this directory has a hashed name, and no manifest lists a file in it; remove it")
    }
  }

  private func isKnown(_ name: BytePath) -> Bool {
    collected.files[name] != nil || collected.codings.contains(name) || originals.contains(name)
      || published.contains(name)
  }

  private mutating func add(_ file: BytePath, _ text: String) {
    problems.append(RootProblem(file: file, text: text))
  }
}

extension ContentCoding {
  /// The coding that the suffix of `name` stands for, and the file it belongs to; nil for other
  /// names.
  static func stored(_ name: BytePath) -> (coding: ContentCoding, file: BytePath)? {
    for coding in preference where name.hasSuffix(coding.fileSuffix) {
      return (coding, BytePath(name.bytes.dropLast(coding.fileSuffix.utf8.count)))
    }
    return nil
  }
}

extension HashedName {
  /// Whether a name has twelve hexadecimal digits in the place of a hash: `stem.0123456789ab.css`.
  static func looksHashed(_ name: BytePath) -> Bool {
    let (stem, suffix) = PosixPath.splitExtension(name.lastComponent.bytes)
    return isHash(suffix) || isHash(PosixPath.splitExtension(stem).suffix)
  }

  private static func isHash(_ suffix: [UInt8]) -> Bool {
    suffix.count == 13 && suffix.dropFirst().allSatisfy(\.isLowercaseHexDigit)
  }

  /// A hashed name without its hash; nil if it has none.
  static func withoutHash(_ name: BytePath) -> BytePath? {
    let (stem, suffix) = PosixPath.splitExtension(name.lastComponent.bytes)
    let base: [UInt8]
    if isHash(suffix) {
      base = stem
    } else {
      let (start, hash) = PosixPath.splitExtension(stem)
      guard isHash(hash) else { return nil }
      base = start + suffix
    }
    return name.parent.appending(BytePath(base))
  }
}
