import FuzzSupport

@testable import StaticAssets
@testable import StaticCollector

/// Both manifests of a root: a text is accepted or rejected as by a naive parser, with the same
/// names, and the collector's output can be read back.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  withInput(start, count) { bytes in
    let text = bytes.array
    let document = NaiveJSON.read(text)
    let probes = (document?.strings ?? []) + [text, []]
    checkDjango(text, document?.hashedNames, probes)
    checkCollected(text, document?.files, probes)
    // Further requirements on the document are the collector's, so errors are ignored.
    _ = try? CollectedManifestReader(text)
    checkWritten(text)
  }
}

private func checkDjango(_ text: [UInt8], _ expected: [[UInt8]]?, _ probes: [[UInt8]]) {
  do {
    let manifest = try DjangoManifest(text)
    guard let expected else { fatalError("Django's is not refused") }
    for name in probes {
      let isHashed = manifest.isHashed(name.span, 0..<name.count)
      check(isHashed == expected.contains(name), "\(name): \(isHashed)")
    }
  } catch {
    check(expected == nil, "Django's is refused: \(error)")
  }
}

private func checkCollected(_ text: [UInt8], _ expected: [NaiveFile]?, _ probes: [[UInt8]]) {
  do {
    let manifest = try CollectedManifest(text)
    guard let expected else { fatalError("ours is not refused") }
    compare(manifest, expected, probes)
  } catch {
    check(expected == nil, "ours is refused: \(error)")
  }
}

private func compare(
  _ manifest: borrowing CollectedManifest,
  _ expected: [NaiveFile],
  _ probes: [[UInt8]]
) {
  check(manifest.files.count == expected.count, "\(manifest.files.count) files")
  let text = manifest.text
  func bytes(_ slice: ByteSlice) -> [UInt8] { Array(text[slice.range]) }
  for (file, naive) in zip(manifest.files, expected) {
    let found = NaiveFile(
      name: bytes(file.name),
      byteCount: file.byteCount,
      sha256: bytes(file.sha256),
      contentType: bytes(file.contentType),
      isImmutable: file.isImmutable,
      codings: naive.codings
    )
    check(found == naive, "\(found), naively \(naive)")
    for name in probes {
      let size = manifest.byteCount(of: file, coding: name.span, 0..<name.count)
      check(size == naive.codings.first { $0.name == name }?.byteCount, "\(name): \(size as Any)")
    }
  }
  for name in probes {
    let number = manifest.find(name.span, 0..<name.count)
    check(number == expected.firstIndex { $0.name == name }, "\(name) is \(number as Any)")
  }
}

/// A name may be any bytes.
private func checkWritten(_ name: [UInt8]) {
  var text = JSONText()
  text.add(string: name)
  check(text.bytes.allSatisfy { (0x20...0x7E).contains($0) }, "not of ASCII alone")
  var reader = JSONReader(text.bytes)
  let read = try? reader.string()
  let isWhole = (try? reader.end()) != nil
  check(isWhole && read == name, "read back as \(read as Any)")
}
