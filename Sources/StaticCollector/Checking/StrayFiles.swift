internal import StaticAssets

/// Compares the files that a root has with those that the manifests name: what is missing from
/// them, and what is too much.
struct StrayFiles {
  private(set) var problems: [RootProblem] = []
  private let collected: RecordedRoot.Collected
  private let originals: Set<BytePath>
  /// The names that `staticfiles.json` gives.
  private let published: Set<BytePath>

  /// - Parameters:
  ///   - recorded: what the manifests say; `collected` is the one of ours.
  ///   - listing: what the root has.
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
  }

  /// The originals are all listed, all links, or none of them is there (`--keep-only-hashed`).
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

  /// Whether `name` is an original with a file of its own, which is no coding of another one.
  private func isOwnFile(_ name: BytePath) -> Bool {
    guard !published.contains(name), !collected.codings.contains(name),
      name != ManifestName.django, name != ManifestName.collected
    else { return false }
    // A coding from the sources that was of another content is not collected.
    guard let (_, base) = ContentCoding.stored(name), originals.contains(base) else { return true }
    return collected.files[name] != nil
  }

  /// Where django-compressor writes its files, under names with twelve digits: COMPRESS_OUTPUT_DIR.
  private static let compressorDirectory = BytePath("CACHE")

  /// Hashed names that are of no release: what is published under such a name is listed.
  private mutating func findHashedNames(_ listing: RootListing) {
    for name in listing.files
    where !isKnown(name) && !name.isInside(Self.compressorDirectory) {
      let base = ContentCoding.stored(name)?.file ?? name
      // A coding beside a listed file is judged with that.
      guard collected.files[base] == nil,
        HashedName.looksHashed(name) || HashedName.looksHashed(base)
      else { continue }
      add(name, "it has a hashed name, and no manifest lists it; remove it")
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
  /// What the file `name` is a coding of, by its name; nil when it is none.
  static func stored(_ name: BytePath) -> (coding: ContentCoding, file: BytePath)? {
    for coding in preference where name.hasSuffix(coding.fileSuffix) {
      return (coding, BytePath(name.bytes.dropLast(coding.fileSuffix.utf8.count)))
    }
    return nil
  }
}

extension HashedName {
  /// Whether a name has twelve hexadecimal digits where a hash is put: `stem.0123456789ab.css`.
  static func looksHashed(_ name: BytePath) -> Bool {
    let (stem, suffix) = PosixPath.splitExtension(name.lastComponent.bytes)
    return isHash(suffix) || isHash(PosixPath.splitExtension(stem).suffix)
  }

  private static func isHash(_ suffix: [UInt8]) -> Bool {
    suffix.count == 13 && suffix.dropFirst().allSatisfy(\.isLowercaseHexDigit)
  }

  /// A hashed name without its hash; nil when it has none.
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
