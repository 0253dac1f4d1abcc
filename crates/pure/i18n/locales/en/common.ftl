# The words of the product, in English. One prefix for each room of the house (letter-, site-, desk-…).
# Type on a keyboard: apostrophes are set when the file is read.

## Common

common-readers = { $n ->
    [one] { $n } reader
   *[other] { $n } readers
}
