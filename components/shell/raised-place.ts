/** Where the top bar shows a raised role; what is shown there is loaded beside the page, since few are raised. */
export const RAISED_PLACE = 'raised-place';
