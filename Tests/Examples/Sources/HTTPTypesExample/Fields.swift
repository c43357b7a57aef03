import Foundation
import HTTPTypes
import StaticAssets

extension HTTPDate {
  /// The value of `Date`.
  static var now: String {
    let date = HTTPDate.format(Int64(Date().timeIntervalSince1970))
    return String(decoding: date.indices.map { date[$0] }, as: UTF8.self)
  }
}

extension HTTPRequest {
  /// Whether the client closes the connection behind the response.
  var wantsClose: Bool {
    headerFields[values: .connection].contains { value in
      value.split(separator: ",").contains { option in
        option.trimmingCharacters(in: .whitespaces).lowercased() == "close"
      }
    }
  }
}
