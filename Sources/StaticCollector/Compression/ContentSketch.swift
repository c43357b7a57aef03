/// A sample of a content's shingles, with which similar contents are found.
///
/// A shingle is a window of 64 bytes with a rolling hash; the smallest hashes are kept. The overlap
/// of two samples estimates the overlap of the shingles.
///
/// Source: Broder, On the resemblance and containment of documents (1997).
struct ContentSketch: Sendable {
  private static let countMax = 256

  /// Sorted and unique.
  private let hashes: [UInt64]

  init(_ bytes: [UInt8]) {
    var hash: UInt64 = 0
    var sample: Set<UInt64> = []
    let table = Self.table.span
    for byte in bytes.span.indices {
      // Each step shifts out the byte 64 positions back.
      hash = hash << 1 &+ table[Int(bytes[byte])]
      // One hash in 64 is taken, so that few must be sorted.
      if hash >> 58 == 0 { sample.insert(hash) }
    }
    hashes = Array(sample.sorted().prefix(Self.countMax))
  }

  /// The estimated share of shingles that both contents have, from 0 to 1.
  func similarity(to other: ContentSketch) -> Double {
    var (first, second, common, seen) = (0, 0, 0, 0)
    let count = min(Self.countMax, max(hashes.count, other.hashes.count))
    while seen < count, first < hashes.count || second < other.hashes.count {
      seen += 1
      let left = first < hashes.count ? hashes[first] : .max
      let right = second < other.hashes.count ? other.hashes[second] : .max
      if left == right { common += 1 }
      if left <= right { first += 1 }
      if right <= left { second += 1 }
    }
    return seen == 0 ? 0 : Double(common) / Double(seen)
  }

  /// A random number for each byte value, from SplitMix64.
  private static let table: [UInt64] = {
    var state: UInt64 = 0
    return (0..<256).map { _ in
      state &+= 0x9E37_79B9_7F4A_7C15
      var value = state
      value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
      value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
      return value ^ value >> 31
    }
  }()
}
