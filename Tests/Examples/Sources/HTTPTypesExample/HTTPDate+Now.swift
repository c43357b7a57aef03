import Foundation
import StaticAssets

extension HTTPDate {
  /// The value of `Date`.
  static var now: String {
    let date = HTTPDate.format(Int64(Date().timeIntervalSince1970))
    return String(decoding: date.indices.map { date[$0] }, as: UTF8.self)
  }
}
