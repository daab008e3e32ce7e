/** Words of which people make passwords. */
export const WORDS = (
  'amber anchor autumn badger bamboo beacon bramble canyon cedar cinder clover cobalt copper coral crimson dolphin ' +
  'ember falcon fennel garnet ginger glacier hazel heron indigo jasper juniper kettle lagoon lantern lemon lupine ' +
  'magnet maple meadow mustang nectar nimbus octane orchid otter paddle pepper pilgrim plaster quartz raven ribbon ' +
  'saddle saffron sparrow spruce summer thistle thunder timber tulip velvet walnut willow winter zephyr'
).split(' ');

/** First letter upper case. */
export function title(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
